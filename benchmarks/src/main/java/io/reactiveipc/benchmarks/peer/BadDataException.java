package io.reactiveipc.benchmarks.peer;

/** A message arrived that was not sent so, or not then. */
public final class BadDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadDataException(String message) {
        super(message);
    }
}
