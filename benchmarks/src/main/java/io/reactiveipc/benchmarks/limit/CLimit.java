package io.reactiveipc.benchmarks.limit;

import io.reactiveipc.benchmarks.Contender;
import io.reactiveipc.benchmarks.Cores;
import io.reactiveipc.benchmarks.MeasurementException;
import io.reactiveipc.benchmarks.Pattern;
import io.reactiveipc.benchmarks.Rounds;
import io.reactiveipc.benchmarks.Scenario;
import io.reactiveipc.benchmarks.Timing;
import io.reactiveipc.benchmarks.report.Medians;
import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import io.reactiveipc.benchmarks.role.Histograms;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The bound: limit.c, compiled where there is a C compiler, left out where not. */
public final class CLimit implements Contender {
    private static final String SOURCE = "limit.c";
    private static final int MAX_ROUND_TRIP_BYTES = 65_536;
    private static final double ROUND_SECONDS = 0.5;

    @Override
    public String name() {
        return "c-limit";
    }

    @Override
    public String description() {
        return "C with atomics on a shared mapping, fixed slots, no headers; futex where paced: a bound, not a contender";
    }

    @Override
    public boolean isAvailable() {
        return System.getProperty("os.name").equals("Linux") && isOnPath("cc");
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Override
    public boolean takesPart(Scenario scenario) {
        boolean rightPattern =
                switch (scenario.pattern()) {
                    case RTT, PACED -> scenario.length() <= MAX_ROUND_TRIP_BYTES;
                    case THROUGHPUT -> true;
                    case IDLE, FANOUT, FANIN, STREAMS -> false;
                };
        return rightPattern && scenario.senders() == 1 && scenario.receivers() == 1;
    }

    @Override
    public Result measure(Scenario scenario, Timing timing, Cores cores, int repeat, Path directory, Path log)
            throws IOException {
        Path program = compile(log);
        try {
            double seconds =
                    scenario.pattern() == Pattern.PACED ? timing.seconds() : Math.min(timing.seconds(), ROUND_SECONDS);
            List<String> command = List.of(
                    program.toString(),
                    scenario.pattern().label(),
                    Integer.toString(scenario.length()),
                    Double.toString(seconds),
                    Integer.toString(Math.max(1, scenario.rate())));
            Rounds<List<String>> rounds = Rounds.run(
                    () -> scenario.pattern() == Pattern.PACED || cores.areUsual(List.of()),
                    (long) (timing.seconds() * 1e9),
                    () -> true,
                    () -> run(command, log, (long) seconds + 30));
            return result(scenario, repeat, rounds);
        } finally {
            Files.delete(program);
        }
    }

    private static Path compile(Path log) throws IOException {
        Path source = Files.createTempFile("limit-", ".c");
        Path program = Files.createTempFile("limit-", ".out");
        try (InputStream in = Objects.requireNonNull(CLimit.class.getResourceAsStream(SOURCE))) {
            Files.write(source, in.readAllBytes());
            run(List.of("cc", "-O3", "-march=native", "-o", program.toString(), source.toString()), log, 60);
        } finally {
            Files.delete(source);
        }
        return program;
    }

    private static List<String> run(List<String> command, Path log, long seconds) throws IOException {
        Path output = Files.createTempFile("limit-", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new MeasurementException(command.get(0) + " failed: " + Files.readString(log));
            }
            return Files.readAllLines(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static Result result(Scenario scenario, int repeat, Rounds<List<String>> rounds) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        Histogram trips = Histograms.create();
        List<Double> rates = new ArrayList<>();
        values.put(Metric.LEFT_OUT, rounds.percentLeftOut());
        for (String line : rounds.counted().stream().flatMap(List::stream).toList()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "trips" ->
                    trips.recordValueWithCount(
                            Math.min(Long.parseLong(words[1]), Histograms.HIGHEST), Long.parseLong(words[2]));
                case "rate" -> rates.add(Double.parseDouble(words[1]));
                case "cpu" -> {
                    double seconds = Double.parseDouble(words[3]) / 1e9;
                    values.put(Metric.SENDER_CPU, Double.parseDouble(words[1]) / 1e6 / seconds);
                    values.put(Metric.RECEIVER_CPU, Double.parseDouble(words[2]) / 1e6 / seconds);
                }
                default -> throw new MeasurementException("limit printed " + line);
            }
        }
        if (scenario.pattern() == Pattern.THROUGHPUT) {
            double rate = Medians.of(rates);
            values.put(Metric.MESSAGES_PER_SECOND, rate);
            values.put(Metric.BYTES_PER_SECOND, rate * scenario.length());
        } else {
            Metric.addPercentiles(trips, values);
        }
        return new Result(
                scenario.pattern().label(),
                scenario.label(),
                scenario.length(),
                "c-limit",
                repeat,
                values,
                scenario.pattern() == Pattern.THROUGHPUT ? null : trips);
    }
}
