package io.reactiveipc.benchmarks.limit;

import io.reactiveipc.benchmarks.MeasurementException;
import io.reactiveipc.benchmarks.Round;
import io.reactiveipc.benchmarks.Scenario;
import io.reactiveipc.benchmarks.Trial;
import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.role.Histograms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** limit.c in one scenario: processes of its own for each round, so that nothing of it runs in between. */
final class CTrial implements Trial {
    private static final long PATIENCE_SECONDS = 30;

    private final Scenario scenario;
    private final Path program;
    private final Path log;
    private double senderNanos;
    private double receiverNanos;
    private double nanos;

    CTrial(Scenario scenario, Path program, Path log) {
        this.scenario = scenario;
        this.program = program;
        this.log = log;
    }

    @Override
    public void resume() {
        // it runs within a round only
    }

    @Override
    public void suspend() {
        // it runs within a round only
    }

    @Override
    public boolean mayGoOn() {
        return true;
    }

    @Override
    public double warmUp(long nanos) {
        Round round = round(nanos);
        return round.trips() == null ? round.messagesPerSecond() : round.trips().getMean();
    }

    @Override
    public void startCounting() {
        senderNanos = 0;
        receiverNanos = 0;
        nanos = 0;
    }

    @Override
    public Round round(long nanos) {
        List<String> command = List.of(
                program.toString(),
                scenario.pattern().label(),
                Integer.toString(scenario.length()),
                Double.toString(nanos / 1e9),
                Integer.toString(Math.max(1, scenario.rate())));
        Histogram trips = Histograms.create();
        double rate = Double.NaN;
        for (String line : CLimit.run(command, log, TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS)) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "trips" ->
                    trips.recordValueWithCount(
                            Math.min(Long.parseLong(words[1]), Histograms.HIGHEST), Long.parseLong(words[2]));
                case "rate" -> rate = Double.parseDouble(words[1]);
                case "cpu" -> {
                    senderNanos += Double.parseDouble(words[1]);
                    receiverNanos += Double.parseDouble(words[2]);
                    this.nanos += Double.parseDouble(words[3]);
                }
                default -> throw new MeasurementException("limit printed " + line);
            }
        }
        return Double.isNaN(rate) ? Round.ofTrips(trips) : Round.oneWay(rate);
    }

    @Override
    public void addUse(Map<Metric, Double> values) {
        values.put(Metric.SENDER_CPU, senderNanos * 1e3 / nanos);
        values.put(Metric.RECEIVER_CPU, receiverNanos * 1e3 / nanos);
    }

    @Override
    public void close() {
        program.toFile().delete();
    }
}
