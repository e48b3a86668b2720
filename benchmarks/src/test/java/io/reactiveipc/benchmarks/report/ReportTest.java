package io.reactiveipc.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

@Timeout(30)
class ReportTest {
    @TempDir
    Path folder;

    private static Result result(String pattern, String scenario, int length, String peer, double rate) {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.MESSAGES_PER_SECOND, rate);
        values.put(Metric.BYTES_PER_SECOND, rate * length);
        values.put(Metric.SENDER_CPU, 12.0);
        values.put(Metric.RECEIVER_CPU, 3.0);
        return new Result(pattern, scenario, length, peer, 1, values, List.of(), null);
    }

    private void write(List<Result> results, List<String> failures) throws IOException {
        Map<String, String> descriptions = new LinkedHashMap<>();
        descriptions.put("reactive-ipc", "ours");
        descriptions.put("aeron", "theirs");
        new Report(new Summary(results, "aeron"), descriptions, Map.of("date", "today"), failures).write(folder);
    }

    @Test
    void aTableHasARowPerContenderWithRatios() throws IOException {
        write(
                List.of(
                        result("throughput", "32 B", 32, "reactive-ipc", 50e6),
                        result("throughput", "32 B", 32, "aeron", 25e6)),
                List.of());

        assertThat(folder.resolve("report.md"))
                .content()
                .contains("| reactive-ipc | 50.0 M |")
                .contains("| aeron | 25.0 M |")
                .contains("| reactive-ipc | 2.00 × |")
                .contains("- date: today")
                .contains("![](throughput.svg)");
    }

    @Test
    void whatFailedIsSaid() throws IOException {
        write(List.of(), List.of("aeron, rtt 32 B: it broke\n    at a place"));

        assertThat(folder.resolve("report.md")).content().contains("- aeron, rtt 32 B: it broke\n\n");
    }

    @Test
    void picturesAreWellFormedAndNameTheContenders() throws Exception {
        List<Result> results = new ArrayList<>();
        for (String peer : List.of("reactive-ipc", "aeron")) {
            results.add(result("throughput", "32 B", 32, peer, 50e6));
            results.add(result("throughput", "4 KiB", 4096, peer, 5e6));
            results.add(SummaryTest.trips(peer, 1, 200));
        }
        write(results, List.of());

        for (String name : List.of("throughput.svg", "latency-rtt-32-b.svg")) {
            String svg = Files.readString(folder.resolve(name));
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            assertThat(svg).contains(">reactive-ipc</text>").contains(">aeron</text>");
            assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
        }
        assertThat(folder.resolve("rtt-32-B-aeron.hgrm")).content().contains("Percentile");
    }

    @Test
    void jsonHoldsEachResultAndTheMedians() throws IOException {
        write(List.of(result("throughput", "32 B", 32, "aeron", 25e6)), List.of());

        assertThat(folder.resolve("results.json"))
                .content()
                .contains("\"messages/s\": 2.5E7")
                .contains("\"repeat\": 1")
                .contains("\"medians\": [");
    }

    @Test
    void jsonEscapesTextAndRefusesWhatItDoesNotKnow() {
        assertThat(Json.of("a \"b\"\\\n\t\u0001")).isEqualTo("\"a \\\"b\\\"\\\\\\n\\t\\u0001\"\n");
        assertThat(Json.of(List.of(1, 2.5, true))).isEqualTo("[\n  1,\n  2.5,\n  true\n]\n");
        assertThat(Json.of(Double.NaN)).isEqualTo("null\n");
        assertThatThrownBy(() -> Json.of(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresHaveThreeDigitsAndAUnit() {
        assertThat(Figures.nanos(190)).isEqualTo("190 ns");
        assertThat(Figures.nanos(36_600)).isEqualTo("36.6 µs");
        assertThat(Figures.nanos(36_600_000)).isEqualTo("36.6 ms");
        assertThat(Figures.perSecond(32_400_000)).isEqualTo("32.4 M");
        assertThat(Figures.perSecond(7_800)).isEqualTo("7.80 k");
        assertThat(Figures.bytesPerSecond(7.31e9)).isEqualTo("7.31 GB/s");
        assertThat(Figures.ratio(2.404)).isEqualTo("2.40 ×");
    }
}
