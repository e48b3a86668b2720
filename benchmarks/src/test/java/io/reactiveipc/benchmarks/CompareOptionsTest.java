package io.reactiveipc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CompareOptionsTest {
    private static CompareOptions parse(String... words) {
        return CompareOptions.parse(words);
    }

    @Test
    void withoutOptionsAllPeersDoTheFourPatternsThreeTimes() {
        CompareOptions options = parse();

        assertThat(options.peers()).extracting(Contender::name).contains("reactive-ipc", "aeron", "rsocket");
        assertThat(options.patterns()).containsExactly(Pattern.RTT, Pattern.THROUGHPUT, Pattern.PACED, Pattern.IDLE);
        assertThat(options.repeats()).isEqualTo(3);
    }

    @Test
    void eachOptionIsTakenFromItsValue() {
        CompareOptions options = parse(
                "--peers",
                "aeron,agrona",
                "--sizes",
                "32,4096",
                "--rtt-sizes",
                "64",
                "--patterns",
                "throughput,fanout",
                "--rates",
                "100,2000",
                "--seconds",
                "0.5",
                "--warm-up",
                "1.5",
                "--repeats",
                "2",
                "--out",
                "here",
                "--directory",
                "there");

        assertThat(options.peers()).extracting(Contender::name).containsExactly("aeron", "agrona");
        assertThat(options.sizes()).containsExactly(32, 4096);
        assertThat(options.rttSizes()).containsExactly(64);
        assertThat(options.patterns()).containsExactly(Pattern.THROUGHPUT, Pattern.FANOUT);
        assertThat(options.rates()).containsExactly(100, 2000);
        assertThat(options.seconds()).isEqualTo(0.5);
        assertThat(options.warmUp()).isEqualTo(1.5);
        assertThat(options.repeats()).isEqualTo(2);
        assertThat(options.out()).isEqualTo(Path.of("here"));
        assertThat(options.directory()).isEqualTo(Path.of("there"));
    }

    @Test
    void aPeerThatIsNotThereIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> parse("--peers", "aeron,carrier-pigeon"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("carrier-pigeon")
                .hasMessageContaining("reactive-ipc, ");
    }

    @Test
    void anUnknownPatternIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> parse("--patterns", "sideways"))
                .isInstanceOf(UsageException.class)
                .hasMessage("no pattern \"sideways\"; there are rtt, throughput, paced, idle, fanout, fanin, streams");
    }

    @Test
    void sizesMustBeWholeWords() {
        assertThatThrownBy(() -> parse("--sizes", "33"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("33");
        assertThatThrownBy(() -> parse("--sizes", "24")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> parse("--sizes", "many")).isInstanceOf(UsageException.class);
    }

    @Test
    void anOptionWithoutAValueAndAnUnknownOptionAreRefused() {
        assertThatThrownBy(() -> parse("--seconds")).hasMessage("--seconds needs a value");
        assertThatThrownBy(() -> parse("--colour", "blue")).hasMessage("no option \"--colour\"");
        assertThatThrownBy(() -> parse("--seconds", "0")).isInstanceOf(UsageException.class);
    }

    @Test
    void thePlanHasARowForEachSizeRateAndCount() {
        CompareOptions options =
                parse("--sizes", "32,256", "--rates", "10,20", "--patterns", "throughput,paced,fanout");

        assertThat(options.scenarios())
                .extracting(Scenario::label)
                .containsExactly("32 B", "256 B", "10/s", "20/s", "1→1", "1→3", "1→10");
    }

    @Test
    void contendersTakeTurnsByMeasurementUnlessByRoundIsAskedFor() {
        assertThat(parse().turns()).isEqualTo(Turns.MEASUREMENT);
        assertThat(parse("--turns", "round").turns()).isEqualTo(Turns.ROUND);
        assertThatThrownBy(() -> parse("--turns", "hour"))
                .isInstanceOf(UsageException.class)
                .hasMessage("no turns \"hour\"; there are measurement, round");
    }

    @Test
    void allThatTakeTurnsByRoundAreMeasuredTogether() {
        List<Contender> two = List.of(Contender.named("aeron"), Contender.named("agrona"));

        assertThat(Turns.ROUND.heats(two)).containsExactly(two);
        assertThat(Turns.MEASUREMENT.heats(two)).containsExactly(List.of(two.get(0)), List.of(two.get(1)));
        assertThat(Turns.ROUND.heats(List.of())).isEmpty();
    }

    @Test
    void foldersThatCannotBeUsedAreRefusedBeforeAnythingRuns(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("report"));
        Path made = folder.resolve("a").resolve("b");

        parse("--out", made.toString(), "--directory", folder.toString()).prepareFolders();
        assertThat(made).isDirectory();
        assertThatThrownBy(() -> parse("--out", file.toString()).prepareFolders())
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--out " + file + " is no folder");
        assertThatThrownBy(() -> parse("--out", made.toString(), "--directory", file.toString())
                        .prepareFolders())
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--directory " + file + " is no folder");
    }

    @Test
    void tenReceiversShareTwoProcesses() {
        assertThat(new Scenario(Pattern.FANOUT, 256, 1, 3, 0, 0).receiverProcesses())
                .isEqualTo(3);
        assertThat(new Scenario(Pattern.FANOUT, 256, 1, 10, 0, 0).receiverProcesses())
                .isEqualTo(2);
    }
}
