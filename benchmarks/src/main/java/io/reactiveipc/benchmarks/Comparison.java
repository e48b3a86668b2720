package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Goes through the plan: each scenario with all contenders, one after the other or in turns, each repeat beginning with another
 * one, so that what is compared was measured in the same minutes.
 */
final class Comparison {
    private final List<Contender> contenders;
    private final List<Scenario> scenarios;
    private final Timing timing;
    private final Turns turns;
    private final Cores cores;
    private final Path directory;
    private final PrintStream out;
    private final List<Result> results = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** @param directory in memory, for the contenders' files */
    Comparison(
            List<Contender> contenders,
            List<Scenario> scenarios,
            Timing timing,
            Turns turns,
            Cores cores,
            Path directory,
            PrintStream out) {
        this.contenders = contenders;
        this.scenarios = scenarios;
        this.timing = timing;
        this.turns = turns;
        this.cores = cores;
        this.directory = directory;
        this.out = out;
    }

    List<Result> results() {
        return results;
    }

    /** What went wrong: contender, scenario and why. */
    List<String> failures() {
        return failures;
    }

    void run(int repeats) throws IOException {
        for (int repeat = 1; repeat <= repeats; repeat++) {
            List<Contender> order = new ArrayList<>(contenders);
            Collections.rotate(order, 1 - repeat);
            for (Scenario scenario : scenarios) {
                List<Contender> all =
                        order.stream().filter(c -> c.takesPart(scenario)).toList();
                for (List<Contender> heat : turns.heats(all)) {
                    run(scenario, heat, repeat);
                }
            }
        }
    }

    private void run(Scenario scenario, List<Contender> contenders, int repeat) throws IOException {
        Heat heat = new Heat(scenario, contenders, timing, cores);
        List<Result> found = heat.run(repeat, directory);
        results.addAll(found);
        failures.addAll(heat.failures());
        found.forEach(result -> out.println(line(result)));
        heat.failures().forEach(failure -> out.println(repeat + "  FAILED: " + failure));
    }

    private static String line(Result result) {
        Stream<Metric> shown = Stream.of(
                Metric.P50,
                Metric.P99,
                Metric.P999,
                Metric.MESSAGES_PER_SECOND,
                Metric.SENDER_CPU,
                Metric.RECEIVER_CPU,
                Metric.ALLOCATED_PER_MESSAGE,
                Metric.LEFT_OUT,
                Metric.DISTANCE);
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%d  %-10s %-12s %-22s",
                result.repeat(),
                result.pattern(),
                result.scenario(),
                result.peer()));
        shown.filter(result.values()::containsKey)
                .forEach(m -> line.append(String.format(
                        Locale.ROOT, "  %s %,.1f", m.label(), result.values().get(m))));
        return line.toString();
    }
}
