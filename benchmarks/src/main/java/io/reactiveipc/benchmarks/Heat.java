package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Contenders in one scenario, measured together: all are started, then they take turns, and each stands still while another
 * one works. One contender alone has all turns, and those that are to be silent need none: they are all measured at once.
 */
final class Heat {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** Short against the time in which the speed of a virtual machine changes. */
    private static final long SHARED_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Of a row whose cores the host moves meanwhile. */
    private static final int TRIES = 3;

    private final Scenario scenario;
    private final Timing timing;
    private final Cores cores;
    private final boolean isSilent;

    /** There are turns of others. */
    private final boolean isShared;

    /** With others, or with who looks at the cores. */
    private final boolean takesTurns;

    /** Those that have not failed. */
    private final List<Entrant> entrants = new CopyOnWriteArrayList<>();

    private final List<String> failures = new CopyOnWriteArrayList<>();

    Heat(Scenario scenario, List<Contender> contenders, Timing timing, Cores cores) {
        this.scenario = scenario;
        this.timing = timing;
        this.cores = cores;
        this.isSilent = scenario.pattern() == Pattern.IDLE;
        this.isShared = contenders.size() > 1 && !isSilent;
        this.takesTurns = isShared || (scenario.pattern().isFast() && cores.areLookedAt());
        contenders.forEach(contender -> entrants.add(new Entrant(contender, scenario)));
    }

    /** What went wrong: contender, scenario and why. */
    List<String> failures() {
        return failures;
    }

    /**
     * Runs it once. A contender that fails is out, the others go on.
     *
     * @param directory in memory, for the contenders' files
     */
    List<Result> run(int repeat, Path directory) throws IOException {
        List<Entrant> all = List.copyOf(entrants);
        try {
            for (Entrant entrant : all) {
                attempt(entrant, one -> {
                    one.start(directory);
                    if (takesTurns) {
                        one.suspend();
                    }
                });
            }
            warmUp();
            inTurn(Entrant::startCounting);
            return measure(repeat);
        } catch (MeasurementException e) {
            entrants.forEach(entrant -> fail(entrant, e));
            return List.of();
        } finally {
            all.forEach(Entrant::close);
        }
    }

    /** Until each one holds still, or its time is over. */
    private void warmUp() {
        long slice = isSilent ? nanos(timing.maxWarmUp()) : ROUND_NANOS;
        while (entrants.stream().anyMatch(entrant -> entrant.isCold(timing))) {
            each(entrant -> {
                if (entrant.isCold(timing)) {
                    entrant.warmUp(slice);
                }
            });
        }
    }

    private List<Result> measure(int repeat) {
        if (!scenario.pattern().isFast()) {
            return measure(repeat, Cores.anywhere(), 0);
        }
        if (!isShared) {
            return measure(repeat, cores, 0);
        }
        // Who is compared only with the others of a row needs not the distance of the other rows.
        return Rounds.again(TRIES, inVain -> measure(repeat, cores.now(), inVain));
    }

    private List<Result> measure(int repeat, Cores usual, int roundsInVain) {
        Rounds<Map<Entrant, Round>> turns = Rounds.run(
                usual::areUsual,
                (int) Math.max(1, Math.ceil(timing.seconds() * 1e9 / roundNanos())),
                () -> entrants.stream().allMatch(Entrant::mayGoOn),
                () -> turn(roundNanos()));
        List<Result> results = new ArrayList<>();
        inTurn(entrant -> results.add(result(entrant, turns, usual, roundsInVain, repeat)));
        return results;
    }

    /** A round of each. */
    private Map<Entrant, Round> turn(long nanos) {
        Map<Entrant, Round> found = new ConcurrentHashMap<>();
        each(entrant -> found.put(entrant, entrant.round(nanos)));
        return found;
    }

    private long roundNanos() {
        boolean isFast = scenario.pattern().isFast();
        long longest = isFast || isShared ? ROUND_NANOS : Long.MAX_VALUE;
        return Math.min(nanos(timing.seconds()), isFast && isShared ? SHARED_ROUND_NANOS : longest);
    }

    private Result result(
            Entrant entrant, Rounds<Map<Entrant, Round>> turns, Cores usual, int roundsInVain, int repeat) {
        List<Round> counted = entrant.of(turns.counted());
        Map<Metric, Double> values = Round.figures(counted, scenario.length());
        if (scenario.pattern().isFast()) {
            values.put(Metric.LEFT_OUT, turns.percentLeftOut(roundsInVain));
        }
        if (Double.isFinite(usual.usualNanos())) {
            values.put(Metric.DISTANCE, usual.usualNanos());
        }
        Double leftOut =
                Round.figures(entrant.of(turns.leftOut()), scenario.length()).get(Metric.MESSAGES_PER_SECOND);
        if (leftOut != null) {
            values.put(Metric.MESSAGES_PER_SECOND_LEFT_OUT, leftOut);
        }
        entrant.addUse(values);
        return new Result(
                scenario.pattern().label(),
                scenario.label(),
                scenario.length(),
                entrant.name(),
                repeat,
                values,
                isShared ? counted.stream().map(Round::typical).toList() : List.of(),
                Round.trips(counted));
    }

    /** A step that takes its time: for those that are to be silent it is the same time, as none is in another one's way. */
    private void each(Consumer<Entrant> step) {
        if (isSilent) {
            atOnce(step);
        } else {
            inTurn(step);
        }
    }

    private void atOnce(Consumer<Entrant> step) {
        CompletableFuture.allOf(entrants.stream()
                        .map(entrant -> CompletableFuture.runAsync(
                                () -> attempt(entrant, step::accept),
                                command -> new Thread(command, entrant.name()).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        requireAny();
    }

    private void inTurn(Consumer<Entrant> step) {
        for (Entrant entrant : entrants) {
            attempt(entrant, one -> {
                if (takesTurns) {
                    one.resume();
                }
                step.accept(one);
                if (takesTurns) {
                    one.suspend();
                }
            });
        }
        requireAny();
    }

    private void requireAny() {
        if (entrants.isEmpty()) {
            throw new MeasurementException("no contender is left");
        }
    }

    private interface Attempt<E extends Exception> {
        void with(Entrant entrant) throws E;
    }

    private <E extends Exception> void attempt(Entrant entrant, Attempt<E> attempt) throws E {
        try {
            attempt.with(entrant);
        } catch (MeasurementException e) {
            entrants.remove(entrant);
            fail(entrant, e);
            entrant.close(); // now, or what is left of it would run beside the others
        }
    }

    private void fail(Entrant entrant, MeasurementException e) {
        failures.add(entrant.name() + ", " + scenario.pattern().label() + " " + scenario.label() + ": "
                + Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
