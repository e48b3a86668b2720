package io.reactiveipc.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.benchmarks.report.Summary.Ratio;
import io.reactiveipc.benchmarks.report.Summary.Row;
import io.reactiveipc.benchmarks.role.Histograms;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SummaryTest {
    private static final Row ROW = new Row("throughput", "32 B", 32);

    private static Result rate(String peer, int repeat, double rate) {
        return new Result(
                "throughput", "32 B", 32, peer, repeat, Map.of(Metric.MESSAGES_PER_SECOND, rate), List.of(), null);
    }

    private static Result turns(String peer, double all, double... rates) {
        List<Map<Metric, Double>> turns = DoubleStream.of(rates)
                .mapToObj(rate -> Map.of(Metric.MESSAGES_PER_SECOND, rate))
                .toList();
        return new Result("throughput", "32 B", 32, peer, 1, Map.of(Metric.MESSAGES_PER_SECOND, all), turns, null);
    }

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
        assertThat(Medians.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Medians.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
        assertThatThrownBy(() -> Medians.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSizeThatFailedAtFirstStandsInItsPlace() {
        Result late = new Result(
                "throughput", "16 B", 16, "ours", 2, Map.of(Metric.MESSAGES_PER_SECOND, 1.0), List.of(), null);
        Summary summary = new Summary(List.of(rate("ours", 1, 20), late, rate("ours", 2, 20)), "aeron");

        assertThat(summary.rows("throughput")).containsExactly(new Row("throughput", "16 B", 16), ROW);
    }

    @Test
    void ratiosAreTakenWithinARepeatAndNotBetweenMedians() {
        Summary summary = new Summary(
                List.of(
                        rate("ours", 1, 20), rate("aeron", 1, 10),
                        rate("ours", 2, 60), rate("aeron", 2, 20),
                        rate("aeron", 3, 30), rate("ours", 3, 30)),
                "aeron");

        assertThat(summary.ratio(ROW, "ours", Metric.MESSAGES_PER_SECOND)).hasValue(new Ratio(2, 1, 3));
        assertThat(summary.median(ROW, "ours", Metric.MESSAGES_PER_SECOND)).hasValue(30);
    }

    @Test
    void whereContendersTookTurnsRatiosAreTakenTurnByTurn() {
        Summary summary = new Summary(List.of(turns("ours", 30, 5, 50, 4), turns("aeron", 20, 10, 25, 2)), "aeron");

        // 0.5, 2 and 2; of the medians it would be 5 to 10
        assertThat(summary.ratio(ROW, "ours", Metric.MESSAGES_PER_SECOND)).hasValue(new Ratio(2, 2, 2));
        assertThat(summary.ratio(ROW, "ours", Metric.P50)).isEmpty();
    }

    @Test
    void thereIsNoRatioWithoutTheReference() {
        Summary summary = new Summary(List.of(rate("ours", 1, 20), rate("aeron", 2, 10)), "aeron");

        assertThat(summary.ratio(ROW, "ours", Metric.MESSAGES_PER_SECOND)).isEmpty();
        assertThat(summary.median(ROW, "ours", Metric.P50)).isEmpty();
    }

    @Test
    void roundTripsOfAllRepeatsAreAddedUp() {
        Summary summary = new Summary(List.of(trips("ours", 1, 100), trips("ours", 2, 300)), "aeron");

        Histogram trips = summary.trips(new Row("rtt", "32 B", 32), "ours");

        assertThat(trips).isNotNull();
        assertThat(trips.getTotalCount()).isEqualTo(2);
        assertThat(trips.getMaxValue()).isEqualTo(300);
    }

    static Result trips(String peer, int repeat, long nanos) {
        Histogram histogram = Histograms.create();
        histogram.recordValue(nanos);
        return new Result("rtt", "32 B", 32, peer, repeat, Map.of(Metric.P50, (double) nanos), List.of(), histogram);
    }
}
