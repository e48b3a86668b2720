package io.reactiveipc.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExamplesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private int run(String... words) {
        return Examples.run(
                List.of(words),
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8)));
    }

    private String errors() {
        return err.toString(UTF_8);
    }

    @Test
    void withoutArgumentsItSaysWhatThereIs() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors()).contains("usage:", "demo [FILE|-]", "broadcaster", "client");
    }

    @Test
    void helpIsNoMistake() {
        assertThat(run("demo", "--help")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("usage:");
    }

    @Test
    void anUnknownExampleIsNamed() {
        assertThat(run("domo")).isEqualTo(2);
        assertThat(errors()).startsWith("there is no example \"domo\"").contains("usage:");
    }

    @Test
    void inspectTellsOfADirectoryAndNamesOneThatIsMissing() {
        assertThat(run("inspect", directory.toString())).isZero();
        assertThat(out.toString(UTF_8)).contains("directory " + directory, "no rings");
        assertThat(run("inspect", directory.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(errors()).contains("inspect: there is nothing at ");
        assertThat(run("inspect")).isEqualTo(2);
    }

    @Test
    void aMissingFileIsNamedBeforeAnythingStarts() {
        Path missing = directory.resolve("missing.txt");
        assertThat(run("demo", missing.toString())).isEqualTo(2);
        assertThat(errors()).isEqualToIgnoringNewLines("demo: there is no file " + missing);
        assertThat(out.size()).isZero();
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThat(run("demo", directory.toString())).isEqualTo(2);
        assertThat(errors()).contains(directory + " is a directory");
    }

    @Test
    void standardInputIsNotRepeated() {
        assertThat(run("demo", "-", "--repeat", "2")).isEqualTo(2);
        assertThat(errors()).contains("standard input can be read only once");
    }

    @Test
    void aStreamNameThatCannotBeIsRefused() {
        assertThat(run("client", "--stream", "a/b", "--directory", directory.toString()))
                .isEqualTo(2);
        assertThat(errors()).startsWith("client: --stream: ").contains("a/b");
    }

    @Test
    void aDirectoryThatCannotBeIsAFailureWithTheLibrarysWords() {
        Path impossible = directory.resolve("no/such/parent");
        assertThat(run("broadcaster", "--directory", impossible.toString())).isEqualTo(1);
        assertThat(errors()).startsWith("broadcaster: ").contains(impossible.toString());
    }
}
