package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.agrona.IoUtil;

/**
 * Goes through the plan: each scenario with all contenders in turn, each repeat beginning with another one, so that what is
 * compared was measured in the same minutes.
 */
final class Comparison {
    private final List<Contender> peers;
    private final List<Scenario> scenarios;
    private final Timing timing;
    private final Cores cores;
    private final Path directory;
    private final PrintStream out;
    private final List<Result> results = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    Comparison(
            List<Contender> peers,
            List<Scenario> scenarios,
            Timing timing,
            Cores cores,
            Path directory,
            PrintStream out) {
        this.peers = peers;
        this.scenarios = scenarios;
        this.timing = timing;
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
            for (Scenario scenario : scenarios) {
                for (int i = 0; i < peers.size(); i++) {
                    Contender peer = peers.get((i + repeat - 1) % peers.size());
                    if (peer.takesPart(scenario)) {
                        measure(peer, scenario, repeat);
                    }
                }
            }
        }
    }

    private void measure(Contender peer, Scenario scenario, int repeat) throws IOException {
        String title = String.format(
                Locale.ROOT,
                "%d  %-10s %-12s %-22s",
                repeat,
                scenario.pattern().label(),
                scenario.label(),
                peer.name());
        out.print(title);
        out.flush();
        Path work = Files.createTempDirectory(directory, "ripc-bench-");
        Thread cleaner = new Thread(() -> IoUtil.delete(work.toFile(), true));
        Runtime.getRuntime().addShutdownHook(cleaner);
        Path log = Files.createTempFile("benchmark-", ".log");
        try {
            Result result = peer.measure(scenario, timing, cores, repeat, work, log);
            results.add(result);
            out.println(summary(result));
        } catch (MeasurementException e) {
            failures.add(
                    peer.name() + ", " + scenario.pattern().label() + " " + scenario.label() + ": " + e.getMessage());
            out.println("FAILED: " + e.getMessage());
        } finally {
            cleaner.run();
            Runtime.getRuntime().removeShutdownHook(cleaner);
            Files.deleteIfExists(log);
        }
    }

    private static String summary(Result result) {
        Stream<Metric> shown = Stream.of(
                Metric.P50,
                Metric.P99,
                Metric.P999,
                Metric.MESSAGES_PER_SECOND,
                Metric.SENDER_CPU,
                Metric.RECEIVER_CPU,
                Metric.ALLOCATED_PER_MESSAGE,
                Metric.LEFT_OUT);
        StringBuilder line = new StringBuilder();
        shown.filter(result.values()::containsKey)
                .forEach(m -> line.append(String.format(
                        Locale.ROOT, "  %s %,.1f", m.label(), result.values().get(m))));
        return line.toString();
    }
}
