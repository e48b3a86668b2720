package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

    private static List<MatchResult> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("../README.md")))
                .results()
                .toList();
    }

    private static String withoutIndentation(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @Test
    void theFirstBlockIsTheDemoAndTheTestsOneCommandEach() throws IOException {
        List<String> commands = blocks().get(0).group(2).lines().toList();
        assertThat(commands).hasSize(2);
        assertThat(commands.get(0)).endsWith("java -jar examples/target/examples.jar demo");
        assertThat(commands.get(1)).startsWith("mvn ").endsWith(" verify");
    }

    @Test
    void itsProgramsAreThoseThatAreCompiledInTheBuild() throws IOException {
        String sources = sources(Path.of("src/main/java"))
                + sources(Path.of("webflux-bridge/src/main/java"))
                + sources(Path.of("../reactive-ipc-test/src/test/java/io/reactiveipc/test"))
                + sources(Path.of("../reactive-ipc-spring-boot-starter/src/it/shop/src/main/java"));
        List<String> programs = blocks().stream()
                .filter(block -> block.group(1).equals("java"))
                .map(block -> withoutIndentation(block.group(2)))
                .toList();
        assertThat(programs).hasSizeGreaterThanOrEqualTo(3).allSatisfy(program -> assertThat(sources)
                .contains(program));
    }

    private static String sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(ReadmeTest::read)
                    .map(ReadmeTest::withoutIndentation)
                    .collect(Collectors.joining("\n\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
