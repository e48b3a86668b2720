package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.role.Histograms;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
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

    List<Row> rows(String pattern) {
        Set<Row> rows = new LinkedHashSet<>();
        results.stream()
                .filter(r -> r.pattern().equals(pattern))
                .forEach(r -> rows.add(new Row(pattern, r.scenario(), r.length())));
        return new ArrayList<>(rows);
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

    /** The median, over the repeats, of a figure divided by the reference's in the same repeat. */
    public OptionalDouble ratio(Row row, String peer, Metric metric) {
        List<Double> ratios = new ArrayList<>();
        of(row, peer).forEach(result -> {
            Double value = result.values().get(metric);
            of(row, reference)
                    .filter(r -> r.repeat() == result.repeat())
                    .map(r -> r.values().get(metric))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .filter(other -> value != null && other > 0)
                    .ifPresent(other -> ratios.add(Objects.requireNonNull(value) / other));
        });
        return ratios.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Medians.of(ratios));
    }

    /** All round trips of all repeats, or null if there were none. */
    @Nullable
    Histogram trips(Row row, String peer) {
        List<Histogram> all =
                of(row, peer).map(Result::trips).filter(Objects::nonNull).toList();
        return all.isEmpty() ? null : Histograms.sum(all);
    }
}
