package io.reactiveipc.benchmarks.limit;

import io.reactiveipc.benchmarks.Contender;
import io.reactiveipc.benchmarks.MeasurementException;
import io.reactiveipc.benchmarks.Scenario;
import io.reactiveipc.benchmarks.Trial;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The bound: limit.c, compiled where there is a C compiler, left out where not. */
public final class CLimit implements Contender {
    private static final String SOURCE = "limit.c";
    private static final int MAX_ROUND_TRIP_BYTES = 65_536;

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
    public Trial start(Scenario scenario, Path directory, Path log) throws IOException {
        return new CTrial(scenario, compile(log), log);
    }

    /** Not among the contenders' files: folders in memory often allow no programs. */
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

    /** Runs a program; returns the lines that it prints. */
    static List<String> run(List<String> command, Path log, long seconds) {
        try {
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
            } finally {
                process.destroyForcibly();
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new MeasurementException(command.get(0) + " failed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
