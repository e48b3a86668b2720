package io.reactiveipc.benchmarks;

/** The host moved the cores that are measured, and did not move them back while that was waited for. */
final class CoresMovedException extends MeasurementException {
    private static final long serialVersionUID = 1L;

    CoresMovedException(String message) {
        super(message);
    }
}
