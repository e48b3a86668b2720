package io.reactiveipc.benchmarks;

/** A measurement that did not come to its end: a process failed, or its data was not what was sent. */
public class MeasurementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MeasurementException(String message) {
        super(message);
    }
}
