package io.reactiveipc.shm.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tables of shm-layout.md and the classes of the layout say the same. */
@Timeout(30)
class LayoutDocumentTest {
    private final String document = Repository.text(Repository.root().resolve("docs/spec/shm-layout.md"));

    @Test
    void ringTablesAreTheCodes() {
        assertThat(documented("Ring file")).isEqualTo(constants(RingLayout.class));
    }

    @Test
    void recordTablesAreTheCodes() {
        assertThat(documented("Record")).isEqualTo(constants(RecordLayout.class));
    }

    @Test
    void slotTablesAreTheCodes() {
        assertThat(documented("Slot table")).isEqualTo(constants(SlotLayout.class));
    }

    @Test
    void groupTablesAreTheCodes() {
        assertThat(documented("Queue groups")).isEqualTo(constants(GroupLayout.class));
    }

    @Test
    void nodeTablesAreTheCodes() {
        assertThat(documented("Node table")).isEqualTo(constants(NodeLayout.class));
    }

    @Test
    void signalTablesAreTheCodes() {
        assertThat(documented("Signal")).isEqualTo(constants(SignalLayout.class));
    }

    @Test
    void fieldsAreAlignedAndDoNotOverlap() {
        Map<String, Integer> lengths = Map.of("i64", 8, "i32", 4, "u16", 2);
        for (List<String[]> table : offsetTables()) {
            Map<Long, String> taken = new HashMap<>();
            for (String[] row : table) {
                int length = lengths.getOrDefault(row[1], 0);
                long offset = Long.decode(row[0]);
                if (length > 0 && !row[2].equals("`TIMESTAMP_OFFSET`")) { // stands where the payload does otherwise
                    assertThat(offset % length).as(row[2]).isZero();
                    for (long at = offset; at < offset + length; at++) {
                        assertThat(taken.put(at, row[2])).as(row[2]).isNull();
                    }
                }
            }
        }
    }

    @Test
    void hotWordsOfARingHave128BytesAlone() {
        for (int offset :
                new int[] {RingLayout.TAIL_OFFSET, RingLayout.TAIL_INTENT_OFFSET, RingLayout.FINAL_POSITION_OFFSET}) {
            assertThat(document).contains("| " + offset + " | i64 | ");
            assertThat(constants(RingLayout.class).entrySet().stream()
                            .filter(entry -> entry.getKey().endsWith("_OFFSET"))
                            .filter(entry -> entry.getValue() / 128 == offset / 128))
                    .hasSize(offset == RingLayout.TAIL_OFFSET ? 3 : 1); // what is written with the tail shares its line
        }
    }

    /** All rows of one section: a constant and its value, or an offset and its constant. */
    private Map<String, Long> documented(String heading) {
        Map<String, Long> values = new TreeMap<>();
        for (String[] row : rows(section(heading))) {
            String name = row[0].startsWith("`") ? row[0] : row[2];
            String value = row[0].startsWith("`") ? row[1] : row[0];
            if (name.startsWith("`")) {
                assertThat(values.put(name.replace("`", ""), Long.decode(value)))
                        .as(name)
                        .isNull();
            }
        }
        return values;
    }

    private List<List<String[]>> offsetTables() {
        List<List<String[]>> tables = new ArrayList<>();
        for (String block : document.split("\n\n")) {
            int start = block.indexOf("| offset |");
            if (start >= 0) {
                tables.add(rows(block.substring(start)));
            }
        }
        assertThat(tables).hasSizeGreaterThanOrEqualTo(7);
        return tables;
    }

    private String section(String heading) {
        for (String section : document.split("(?m)^## ")) {
            if (section.startsWith(heading + "\n")) {
                return section;
            }
        }
        throw new AssertionError("no section " + heading);
    }

    /** Rows of tables whose first column is an offset or a constant. */
    private static List<String[]> rows(String text) {
        return text.lines()
                .filter(line -> line.matches("\\| (-?\\d+|`[A-Z_]+`) \\|.*"))
                .map(line -> line.substring(2).split(" \\|(?: |$)", -1))
                .toList();
    }

    private static Map<String, Long> constants(Class<?> layout) {
        Map<String, Long> values = new TreeMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                try {
                    field.setAccessible(true);
                    values.put(field.getName(), ((Number) field.get(null)).longValue());
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return values;
    }
}
