package io.reactiveipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What is measured in rounds, until enough of them were run on cores at their usual distance.
 *
 * @param counted what these rounds found
 * @param leftOut what the others found
 */
public record Rounds<T>(List<T> counted, List<T> leftOut) {
    /** How long a measurement waits for the cores to be as usual, all in all. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long PAUSE_MILLIS = 50;

    /** One of them. */
    public interface Round<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * Runs rounds.
     *
     * @param areCoresAsUsual see {@link Cores#areUsual}
     * @param nanos how long those that count take together, at least
     * @param isAffordable whether there may be another one; the first one always is
     * @throws MeasurementException if the cores are never as usual
     */
    public static <T, E extends Exception> Rounds<T> run(
            BooleanSupplier areCoresAsUsual, long nanos, BooleanSupplier isAffordable, Round<T, E> round) throws E {
        Rounds<T> rounds = new Rounds<>(new ArrayList<>(), new ArrayList<>());
        long deadline = System.nanoTime() + nanos + PATIENCE_NANOS;
        long counted = 0;
        boolean usual = areCoresAsUsual.getAsBoolean();
        do {
            while (!usual && System.nanoTime() < deadline) {
                pause();
                usual = areCoresAsUsual.getAsBoolean();
            }
            long began = System.nanoTime();
            T found = round.run();
            long took = System.nanoTime() - began;
            boolean before = usual;
            usual = areCoresAsUsual.getAsBoolean();
            if (before && usual) {
                counted += took;
                rounds.counted.add(found);
            } else {
                rounds.leftOut.add(found);
            }
        } while (counted < nanos && System.nanoTime() < deadline && isAffordable.getAsBoolean());
        if (rounds.counted.isEmpty()) {
            throw new MeasurementException("the cores were not at their usual distance in any of "
                    + rounds.leftOut.size() + " rounds; wait until the host is quieter");
        }
        return rounds;
    }

    /** Those that count and the others. */
    public List<T> all() {
        return Stream.concat(counted.stream(), leftOut.stream()).toList();
    }

    public double percentLeftOut() {
        return 100.0 * leftOut.size() / (leftOut.size() + counted.size());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
