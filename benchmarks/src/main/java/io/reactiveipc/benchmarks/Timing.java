package io.reactiveipc.benchmarks;

/**
 * How long things take.
 *
 * @param seconds of each measurement
 * @param minWarmUp seconds before it, at least
 * @param maxWarmUp seconds before it, even if the figures still change
 */
public record Timing(double seconds, double minWarmUp, double maxWarmUp) {
    private static final double USUAL_MIN_WARM_UP = 4;

    static Timing of(double seconds, double warmUp) {
        return new Timing(seconds, Math.min(USUAL_MIN_WARM_UP, warmUp), warmUp);
    }

    /** For a look whether all works. */
    static Timing brief() {
        return new Timing(0.3, 0.2, 0.2);
    }
}
