package io.reactiveipc.benchmarks.report;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement found.
 *
 * @param pattern its pattern's label
 * @param scenario its row's label
 * @param length bytes of a message
 * @param peer the contender
 * @param repeat which repeat, from 1
 * @param values figures by name, see {@link Metric}
 * @param turns what is typical of each turn, where contenders took turns within the measurement: comparable one by one; else empty
 * @param trips round trips in nanoseconds, where there were any
 */
public record Result(
        String pattern,
        String scenario,
        int length,
        String peer,
        int repeat,
        Map<Metric, Double> values,
        List<Map<Metric, Double>> turns,
        @Nullable Histogram trips) {}
