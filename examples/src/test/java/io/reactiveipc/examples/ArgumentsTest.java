package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ArgumentsTest {
    private static Arguments parse(String... words) {
        return Arguments.parse(List.of(words), Set.of("--clients", "--directory", "--wait"), 1);
    }

    @Test
    void takesOptionsInBothSpellingsAndInAnyOrder() {
        Arguments arguments = parse("--clients", "3", "some file", "--directory=/tmp/a=b");
        assertThat(arguments.number("--clients", 1, 64, 2)).isEqualTo(3);
        assertThat(arguments.path("--directory")).contains(Path.of("/tmp/a=b"));
        assertThat(arguments.file()).contains("some file");
    }

    @Test
    void aDashAloneIsAFile() {
        assertThat(parse("-").file()).contains("-");
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        Arguments arguments = parse();
        assertThat(arguments.number("--clients", 1, 64, 2)).isEqualTo(2);
        assertThat(arguments.file()).isEmpty();
        assertThat(Waiting.of(arguments)).isEqualTo(Waiting.ADAPTIVE);
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> parse("--client", "3"))
                .isInstanceOf(UsageException.class)
                .hasMessage("there is no option --client; there are --clients, --directory, --wait");
    }

    @Test
    void anOptionWithoutAValueIsRefused() {
        assertThatThrownBy(() -> parse("--clients"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--clients needs a value");
    }

    @Test
    void aSecondFileIsRefused() {
        assertThatThrownBy(() -> parse("a", "b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"b\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65", "-1", "two", "", "99999999999"})
    void aNumberOutOfRangeIsNamedWithItsRange(String value) {
        assertThatThrownBy(() -> parse("--clients", value).number("--clients", 1, 64, 2))
                .isInstanceOf(UsageException.class)
                .hasMessage("--clients must be a number from 1 to 64: \"" + value + "\"");
    }

    @Test
    void anUnknownWaitStrategyIsNamed() {
        assertThatThrownBy(() -> Waiting.of(parse("--wait", "patiently")))
                .isInstanceOf(UsageException.class)
                .hasMessage("--wait must be adaptive, spin or blocking: \"patiently\"");
    }

    @Test
    void theDemosProcessesGetWhatItWasAskedFor() {
        DemoOptions asked = DemoOptions.parse(List.of("--clients=3", "--paced=7", "--rate=9", "--wait=spin"));
        DemoOptions passedOn =
                DemoOptions.parseInChild(asked.forChild(Path.of("/rings"), Source.of("-", System.in), 5));
        assertThat(passedOn)
                .isEqualTo(new DemoOptions(
                        "-",
                        3,
                        5,
                        7,
                        9,
                        Waiting.SPIN,
                        Duration.ofSeconds(30),
                        Optional.of(Path.of("/rings")),
                        ProcessHandle.current().pid()));
    }
}
