package io.reactiveipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What is measured in rounds, until enough of them were run on cores at their usual distance.
 *
 * @param counted what these rounds found
 * @param leftOut what the others found
 */
record Rounds<T>(List<T> counted, List<T> leftOut) {
    /** How long rounds that do not count, and waiting for the cores to be as usual before them, may take all in all. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long PAUSE_MILLIS = 50;

    /**
     * Runs rounds.
     *
     * @param areCoresAsUsual see {@link Cores#areUsual}
     * @param wanted how many that count
     * @param isAffordable whether there may be another one; the first one always is
     * @throws CoresMovedException if the cores are never as usual
     */
    static <T> Rounds<T> run(
            BooleanSupplier areCoresAsUsual, int wanted, BooleanSupplier isAffordable, Supplier<T> round) {
        Rounds<T> rounds = new Rounds<>(new ArrayList<>(), new ArrayList<>());
        long patience = PATIENCE_NANOS;
        boolean usual = areCoresAsUsual.getAsBoolean();
        do {
            long began = System.nanoTime();
            while (!usual && System.nanoTime() - began < patience) {
                pause();
                usual = areCoresAsUsual.getAsBoolean();
            }
            boolean before = usual;
            T found = round.get();
            usual = areCoresAsUsual.getAsBoolean();
            if (before && usual) {
                rounds.counted.add(found);
            } else {
                rounds.leftOut.add(found);
                patience -= System.nanoTime() - began;
            }
        } while (rounds.counted.size() < wanted && patience > 0 && isAffordable.getAsBoolean());
        if (rounds.counted.isEmpty()) {
            throw new CoresMovedException(rounds.leftOut.size());
        }
        return rounds;
    }

    /**
     * Measures once more, up to so many times in all, where the cores moved away for good.
     *
     * @param measurement is told how many rounds were measured in vain before
     */
    static <R> R again(int most, IntFunction<R> measurement) {
        int inVain = 0;
        for (int left = most - 1; ; left--) {
            try {
                return measurement.apply(inVain);
            } catch (CoresMovedException e) {
                inVain += e.rounds();
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    /** @param inVain how many were measured before these, and left out too */
    double percentLeftOut(int inVain) {
        return 100.0 * (inVain + leftOut.size()) / (inVain + leftOut.size() + counted.size());
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
