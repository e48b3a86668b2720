package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.role.Histograms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Results over all repeats: medians, and ratios to a reference that was measured in the same repeat. */
public final class Summary {
    /** One row of the plan. */
    public record Row(String pattern, String scenario, int length) {}

    private final List<Result> results;
    private final String reference;

    /** @param reference the contender that ratios refer to */
    public Summary(List<Result> results, String reference) {
        this.results = List.copyOf(results);
        this.reference = reference;
    }

    /** The same, with ratios to another contender. */
    Summary against(String other) {
        return new Summary(results, other);
    }

    List<Result> results() {
        return results;
    }

    String reference() {
        return reference;
    }

    /** The contenders, in the order given, as far as they have results. */
    List<String> peers(List<String> order) {
        return order.stream()
                .filter(p -> results.stream().anyMatch(r -> r.peer().equals(p)))
                .toList();
    }

    List<String> patterns() {
        return results.stream().map(Result::pattern).distinct().toList();
    }

    /** By length, and of one length as they were measured: a row may have failed until a later repeat. */
    List<Row> rows(String pattern) {
        return results.stream()
                .filter(r -> r.pattern().equals(pattern))
                .map(r -> new Row(pattern, r.scenario(), r.length()))
                .distinct()
                .sorted(Comparator.comparingInt(Row::length))
                .toList();
    }

    private Stream<Result> of(Row row, String peer) {
        return results.stream()
                .filter(r -> r.peer().equals(peer)
                        && r.pattern().equals(row.pattern())
                        && r.scenario().equals(row.scenario()));
    }

    /** The median of a figure over the repeats, or nothing where it was not measured. */
    public OptionalDouble median(Row row, String peer, Metric metric) {
        List<Double> found = of(row, peer)
                .map(r -> r.values().get(metric))
                .filter(Objects::nonNull)
                .toList();
        return found.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Medians.of(found));
    }

    /**
     * A figure divided by the reference's of the same repeat.
     *
     * @param median over the repeats
     * @param lowest and {@code highest}: of the repeats
     */
    public record Ratio(double median, double lowest, double highest) {
        private static Ratio of(List<Double> ratios) {
            return new Ratio(Medians.of(ratios), Collections.min(ratios), Collections.max(ratios));
        }
    }

    /** Ratios over the repeats, or nothing where either was never measured. */
    public Optional<Ratio> ratio(Row row, String peer, Metric metric) {
        List<Double> ratios = of(row, peer)
                .flatMap(result -> of(row, reference)
                        .filter(other -> other.repeat() == result.repeat())
                        .flatMap(other -> ratio(result, other, metric).stream().boxed()))
                .toList();
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Ratio.of(ratios));
    }

    /** Of contenders that took turns it is the median of the turns' ratios. */
    private static OptionalDouble ratio(Result result, Result other, Metric metric) {
        List<Double> turns = new ArrayList<>();
        for (int turn = 0; turn < Math.min(result.turns().size(), other.turns().size()); turn++) {
            ratio(result.turns().get(turn), other.turns().get(turn), metric).ifPresent(turns::add);
        }
        return turns.isEmpty() ? ratio(result.values(), other.values(), metric) : OptionalDouble.of(Medians.of(turns));
    }

    private static OptionalDouble ratio(Map<Metric, Double> values, Map<Metric, Double> others, Metric metric) {
        Double value = values.get(metric);
        Double other = others.get(metric);
        return value == null || other == null || other <= 0 ? OptionalDouble.empty() : OptionalDouble.of(value / other);
    }

    /** All round trips of all repeats, or null if there were none. */
    @Nullable
    Histogram trips(Row row, String peer) {
        List<Histogram> all =
                of(row, peer).map(Result::trips).filter(Objects::nonNull).toList();
        return all.isEmpty() ? null : Histograms.sum(all);
    }
}
