package io.reactiveipc.shm.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ids of ordering edges: code, memory-model.md, jcstress tests and models tell of the same ones. */
@Timeout(60)
class SyncIdsTest {
    private static final Pattern IN_CODE = Pattern.compile("SYNC ([A-Z][0-9]+(?:, [A-Z][0-9]+)*)");
    private static final Pattern HEADING = Pattern.compile("(?m)^## ([A-Z][0-9]+): ");
    private static final Pattern HOLDS_IT = Pattern.compile("(?m)^\\| Holds it \\| (.*) \\|$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final Path root = Repository.root();
    private final Map<String, String> sections = sections(Repository.text(root.resolve("docs/spec/memory-model.md")));

    @Test
    void codeAndDocumentHaveTheSameIds() {
        assertThat(idsInCode().keySet()).isEqualTo(sections.keySet());
    }

    @Test
    void eachEdgeIsMarkedAtBothEnds() {
        assertThat(idsInCode())
                .allSatisfy((id, places) ->
                        assertThat(places).as("places of SYNC %s", id).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void eachEdgeIsHeldByATestOrModelThatExists() {
        assertThat(sections).allSatisfy((id, section) -> {
            Matcher row = HOLDS_IT.matcher(section);
            assertThat(row.find()).as("a row \"Holds it\" for %s", id).isTrue();
            int holding = 0;
            Path model = null;
            for (Matcher word = CODE.matcher(row.group(1)); word.find(); ) {
                String name = word.group(1);
                if (name.endsWith(".pml")) {
                    model = root.resolve("docs/spec").resolve(name);
                    assertThat(model).exists();
                    holding++;
                } else if (name.endsWith("Test")) {
                    assertThat(jcstressTests()).contains(name);
                    holding++;
                } else {
                    assertThat(model).as("a model before the switch %s", name).isNotNull();
                    assertThat(Repository.text(model)).contains("   " + name + " ");
                }
            }
            assertThat(holding).as("what holds %s", id).isPositive();
        });
    }

    @Test
    void eachSwitchAndEachJcstressTestIsNamedByTheDocument() throws Exception {
        String document = String.join("\n", sections.values());
        assertThat(jcstressTests()).isNotEmpty().allSatisfy(name -> assertThat(document)
                .contains("`" + name + "`"));
        try (var models = Files.newDirectoryStream(root.resolve("docs/spec/models"), "*.pml")) {
            for (Path model : models) {
                assertThat(document).contains("`models/" + model.getFileName() + "`");
            }
        }
    }

    private Map<String, List<String>> idsInCode() {
        Map<String, List<String>> ids = new TreeMap<>();
        for (String module : List.of("reactive-ipc-core", "reactive-ipc-shm")) {
            for (Path source : Repository.sources(module)) {
                List<String> lines = Repository.text(source).lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    for (Matcher matcher = IN_CODE.matcher(lines.get(i)); matcher.find(); ) {
                        for (String id : matcher.group(1).split(", ")) {
                            ids.computeIfAbsent(id, key -> new ArrayList<>()).add(source.getFileName() + ":" + (i + 1));
                        }
                    }
                }
            }
        }
        return ids;
    }

    private static Map<String, String> sections(String document) {
        Map<String, String> sections = new TreeMap<>();
        Set<String> twice = new HashSet<>();
        for (String section : document.split("(?m)(?=^## )")) {
            Matcher heading = HEADING.matcher(section);
            if (heading.find() && sections.put(heading.group(1), section) != null) {
                twice.add(heading.group(1));
            }
        }
        assertThat(twice).isEmpty();
        return sections;
    }

    private static Set<String> jcstressTests() {
        Set<String> names = new TreeSet<>();
        for (Path source : Repository.sources("reactive-ipc-jcstress")) {
            if (Repository.text(source).contains("@JCStressTest")) {
                names.add(source.getFileName().toString().replace(".java", ""));
            }
        }
        return names;
    }
}
