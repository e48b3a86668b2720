package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.IoUtil;
import org.jspecify.annotations.Nullable;

/** A contender in a {@link Heat}: its trial, its files, and how warm it is. Leaves nothing behind once closed, which is idempotent. */
final class Entrant implements AutoCloseable {
    private static final double STEADY = 0.05;

    private final Contender contender;
    private final Scenario scenario;
    private final Thread cleaner = new Thread(this::deleteFiles);
    private @Nullable Path directory;
    private @Nullable Path log;
    private @Nullable Trial trial;
    private long warmedNanos;
    private double figure = Double.NaN;
    private boolean isSteady;

    Entrant(Contender contender, Scenario scenario) {
        this.contender = contender;
        this.scenario = scenario;
    }

    String name() {
        return contender.name();
    }

    void start(Path parent) throws IOException {
        directory = Files.createTempDirectory(parent, "ripc-bench-");
        Runtime.getRuntime().addShutdownHook(cleaner);
        log = Files.createTempFile("benchmark-", ".log");
        trial = contender.start(scenario, directory, log);
    }

    private void deleteFiles() {
        IoUtil.delete(Objects.requireNonNull(directory).toFile(), true);
    }

    private Trial trial() {
        return Objects.requireNonNull(trial);
    }

    void resume() {
        trial().resume();
    }

    void suspend() {
        trial().suspend();
    }

    boolean isCold(Timing timing) {
        boolean isTimeOver = warmedNanos >= timing.maxWarmUp() * 1e9;
        boolean isWarm = isSteady && warmedNanos >= timing.minWarmUp() * 1e9;
        return !isTimeOver && !isWarm && trial().mayGoOn();
    }

    void warmUp(long nanos) {
        long began = System.nanoTime();
        double now = trial().warmUp(nanos);
        isSteady = Math.abs(now - figure) <= STEADY * now;
        figure = now;
        warmedNanos += System.nanoTime() - began;
    }

    void startCounting() {
        trial().startCounting();
    }

    boolean mayGoOn() {
        return trial().mayGoOn();
    }

    Round round(long nanos) {
        return trial().round(nanos);
    }

    void addUse(Map<Metric, Double> values) {
        trial().addUse(values);
    }

    /** Its rounds in these turns. */
    List<Round> of(List<Map<Entrant, Round>> turns) {
        return turns.stream()
                .map(turn -> turn.get(this))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void close() {
        if (trial != null) {
            trial.close();
            trial = null;
        }
        if (directory != null) {
            deleteFiles();
            directory = null;
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
        if (log != null) {
            log.toFile().delete();
            log = null;
        }
    }
}
