package io.reactiveipc.benchmarks;

/** The host moved the cores that are measured, and did not move them back while that was waited for. */
final class CoresMovedException extends MeasurementException {
    private static final long serialVersionUID = 1L;

    private final int rounds;

    /** @param rounds that were measured in vain */
    CoresMovedException(int rounds) {
        super("the cores were not at their usual distance in any of " + rounds
                + " rounds; wait until the host is quieter");
        this.rounds = rounds;
    }

    int rounds() {
        return rounds;
    }
}
