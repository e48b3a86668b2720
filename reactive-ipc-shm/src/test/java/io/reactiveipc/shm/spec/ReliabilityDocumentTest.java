package io.reactiveipc.shm.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.shm.crash.CrashPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each row of the tables of reliability.md has a test that exists, or a reason. */
@Timeout(60)
class ReliabilityDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (S?\\d+) \\|[^|]+\\|([^|]*)\\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern REASON = Pattern.compile("not run: \\S+ .*");

    private final String document = Repository.text(Repository.root().resolve("docs/reliability.md"));
    private final Map<String, String> sources = testSources();

    /**
     * @param answer what happens
     * @param text of the column of tests
     */
    private record Row(String number, String answer, String text) {}

    @Test
    void everyRowHasATestThatExistsOrAReason() {
        assertThat(rows()).allSatisfy(row -> {
            List<String> tests = TEST.matcher(row.text)
                    .results()
                    .map(match -> match.group(1) + "#" + match.group(2))
                    .toList();
            assertThat(tests).as("row %s", row.number).allMatch(this::exists);
            if (tests.isEmpty()) {
                assertThat(row.text).as("row %s without a test", row.number).matches(REASON);
            } else {
                assertThat(row.answer).as("what happens in row %s", row.number).isNotBlank();
            }
        });
    }

    @Test
    void noRowIsMissing() {
        assertThat(rows().stream().map(Row::number))
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, 50).mapToObj(Integer::toString),
                                IntStream.rangeClosed(1, 16).mapToObj(number -> "S" + number))
                        .toList());
    }

    @Test
    void theNumberOfCrashPointsIsThatOfTheCode() {
        assertThat(document).contains("each of the " + CrashPoint.values().length + " points");
    }

    @Test
    void aTestThatIsNotThereIsFound() {
        assertThat(exists("ReliabilityDocumentTest#noRowIsMissing")).isTrue();
        assertThat(exists("ReliabilityDocumentTest#noSuchRow")).isFalse();
        assertThat(exists("NoSuchTest#noRowIsMissing")).isFalse();
        assertThat("not run: ").doesNotMatch(REASON);
    }

    private List<Row> rows() {
        return ROW.matcher(document)
                .results()
                .map(match -> new Row(match.group(1), match.group(2), match.group(3)))
                .toList();
    }

    private boolean exists(String test) {
        String[] words = test.split("#");
        String source = sources.get(words[0]);
        Pattern method = Pattern.compile(
                "(?s)@(Test|RepeatedTest|ParameterizedTest|TestFactory)\\b.*\\b(void|Stream<DynamicTest>) " + words[1]
                        + "\\(");
        return source != null
                && Arrays.stream(source.split("\n\n"))
                        .anyMatch(member -> method.matcher(member).find());
    }

    /** By the names of the classes, in whatever module. */
    private static Map<String, String> testSources() {
        try (Stream<Path> modules = Files.list(Repository.root())) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ReliabilityDocumentTest::javaFiles)
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            Repository::text,
                            (one, other) -> one + other)); // of the same name in two modules
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
