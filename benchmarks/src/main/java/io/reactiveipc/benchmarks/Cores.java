package io.reactiveipc.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far apart the cores are that we run on. A virtual machine's processors move between the host's cores while it runs: two
 * threads of one core, two cores with a cache in common, two without. All that is measured here follows that, whoever is
 * measured, by a factor of up to ten. So the distance is measured before and after each round, and rounds in which it was not
 * the usual one are not counted.
 *
 * <p>What is measured is a round trip of a cache line between two threads. That says something of the measured processes only
 * if there are just two processors to run on; where there are more, everything counts: run the whole command under {@code
 * taskset -c 2,3}, say, if it is to be checked.
 */
final class Cores {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Words of 128 bytes' distance to each other and to what lies around. */
    private static final int PING = 16;

    private static final int PONG = 32;
    private static final int LENGTH = 48;
    private static final long ENOUGH = -1;

    private static final int TRIPS = 500;
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** The system may start both threads on one core, and takes some ticks to notice that the other one is free. */
    private static final long LONGEST_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private static final long LONGEST_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WARM_UP_PROBES = 20;
    private static final int PROBES = 60;
    private static final int PROBES_OF_A_HEAT = 15;

    /** Distances up to that far from the usual one are the usual one. */
    private static final double TOLERANCE = 1.4;

    private final double usualNanos;

    private Cores(double usualNanos) {
        this.usualNanos = usualNanos;
    }

    /** Counts everything. */
    static Cores anywhere() {
        return new Cores(Double.NaN);
    }

    /** Finds out what is usual, in some seconds; counts everything where that cannot be said. */
    static Cores find() {
        if (Runtime.getRuntime().availableProcessors() != 2) {
            return anywhere();
        }
        for (int i = 0; i < WARM_UP_PROBES; i++) {
            roundTripNanos();
        }
        return new Cores(distance(PROBES));
    }

    /** The same with what is usual now: for contenders that are compared with nothing but each other. */
    Cores now() {
        return areLookedAt() ? new Cores(distance(PROBES_OF_A_HEAT)) : this;
    }

    private static double distance(int probes) {
        double[] found = new double[probes];
        for (int i = 0; i < probes; i++) {
            found[i] = roundTripNanos();
            Rounds.pause();
        }
        return mostCommon(found);
    }

    /** What is usual, for a cache line there and back; NaN if it is not looked at. */
    double usualNanos() {
        return usualNanos;
    }

    /** The one with the most others near it. */
    static double mostCommon(double[] found) {
        return Arrays.stream(found)
                .boxed()
                .max((a, b) -> Long.compare(near(a, found), near(b, found)))
                .orElseThrow();
    }

    private static long near(double one, double[] others) {
        return Arrays.stream(others).filter(other -> isNear(one, other)).count();
    }

    private static boolean isNear(double one, double other) {
        return one < other * TOLERANCE && other < one * TOLERANCE;
    }

    boolean areLookedAt() {
        return !Double.isNaN(usualNanos);
    }

    /** Whether the distance is the usual one now; takes some milliseconds, in which nobody else may need the processors. */
    boolean areUsual() {
        return !areLookedAt() || isNear(usualNanos, roundTripNanos());
    }

    /** One line for the report. */
    String describe() {
        return !areLookedAt()
                ? "not looked at"
                : String.format(
                        Locale.ROOT,
                        "%.0f ns for a cache line there and back; rounds in which it was another were not counted",
                        usualNanos);
    }

    /** The best of some batches: both threads ran all the while in that one. Endless if they never ran together. */
    static double roundTripNanos() {
        long[] words = new long[LENGTH];
        Thread partner = new Thread(() -> answer(words), "distance");
        partner.setDaemon(true);
        partner.start();
        double best = Double.POSITIVE_INFINITY;
        long began = System.nanoTime();
        long together = 0; // when the two were first found to run at once
        while (together == 0
                ? System.nanoTime() - began < LONGEST_PROBE_NANOS
                : System.nanoTime() - together < PROBE_NANOS) {
            best = Math.min(best, batch(words));
            if (together == 0 && best < Double.POSITIVE_INFINITY) {
                together = System.nanoTime();
            }
        }
        WORDS.setRelease(words, PING, ENOUGH);
        return best;
    }

    private static double batch(long[] words) {
        long trip = (long) WORDS.getAcquire(words, PONG);
        long last = trip + TRIPS;
        long start = System.nanoTime();
        while (trip < last) {
            WORDS.setRelease(words, PING, ++trip);
            for (int looks = 0;
                    (long) WORDS.getAcquire(words, PONG) != trip;
                    looks++) { // a pause would be measured, too
                if ((looks & 0xFFF) == 0xFFF && System.nanoTime() - start > LONGEST_BATCH_NANOS) {
                    return Double.POSITIVE_INFINITY; // the other one does not run
                }
            }
        }
        return (double) (System.nanoTime() - start) / TRIPS;
    }

    private static void answer(long[] words) {
        long seen = 0;
        while (seen != ENOUGH) {
            long trip = (long) WORDS.getAcquire(words, PING);
            if (trip != seen) {
                seen = trip;
                WORDS.setRelease(words, PONG, seen);
            }
        }
    }
}
