package io.reactiveipc.benchmarks;

/**
 * How long things take.
 *
 * @param seconds of each measurement
 * @param minWarmUp seconds before it, at least
 * @param maxWarmUp seconds before it, even if the figures still change
 */
public record Timing(double seconds, double minWarmUp, double maxWarmUp) {
    static Timing of(double seconds) {
        return new Timing(seconds, 2, 8);
    }

    /** For a look whether all works. */
    static Timing brief() {
        return new Timing(0.3, 0.2, 0.2);
    }
}
