package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Medians;
import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.role.Histograms;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a contender did in one go.
 *
 * @param messagesPerSecond of all receivers together; NaN where that is not what counts
 * @param trips round trips in nanoseconds, where there were any
 */
public record Round(double messagesPerSecond, @Nullable Histogram trips) {
    private static final Round SILENT = new Round(Double.NaN, null);

    public static Round oneWay(double messagesPerSecond) {
        return new Round(messagesPerSecond, null);
    }

    public static Round ofTrips(Histogram trips) {
        return new Round(Double.NaN, trips);
    }

    static Round silent() {
        return SILENT;
    }

    /** The round trips of some rounds; null if there were none. */
    static @Nullable Histogram trips(List<Round> rounds) {
        List<Histogram> all =
                rounds.stream().map(Round::trips).filter(Objects::nonNull).toList();
        return all.isEmpty() ? null : Histograms.sum(all);
    }

    /** What even a round as short as this one tells: nothing of what is rare. */
    Map<Metric, Double> typical() {
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        if (trips != null) {
            figures.put(Metric.P50, (double) trips.getValueAtPercentile(50));
        }
        if (Double.isFinite(messagesPerSecond)) {
            figures.put(Metric.MESSAGES_PER_SECOND, messagesPerSecond);
        }
        return figures;
    }

    /** What some rounds found together, in messages of that many bytes. */
    static Map<Metric, Double> figures(List<Round> rounds, int length) {
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        Histogram trips = trips(rounds);
        if (trips != null) {
            Metric.addPercentiles(trips, figures);
        }
        List<Double> rates = rounds.stream()
                .map(Round::messagesPerSecond)
                .filter(Double::isFinite)
                .toList();
        if (!rates.isEmpty()) {
            double rate = Medians.of(rates);
            figures.put(Metric.MESSAGES_PER_SECOND, rate);
            figures.put(Metric.BYTES_PER_SECOND, rate * length);
        }
        return figures;
    }
}
