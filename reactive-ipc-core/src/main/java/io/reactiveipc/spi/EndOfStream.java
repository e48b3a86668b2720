package io.reactiveipc.spi;

/**
 * How a session ended.
 *
 * @param kind whether in order, by an error, or by the death of its process
 * @param errorType class name of the publisher's error; empty unless {@link Kind#ERROR}
 * @param errorMessage message of the publisher's error; what is known of the death for {@link Kind#LOST}; else empty
 */
public record EndOfStream(Kind kind, String errorType, String errorMessage) {
    /** In which way. */
    public enum Kind {
        COMPLETE,
        ERROR,
        LOST
    }

    public static final EndOfStream COMPLETE = new EndOfStream(Kind.COMPLETE, "", "");

    public static EndOfStream error(Throwable error) {
        String message = error.getMessage();
        return new EndOfStream(Kind.ERROR, error.getClass().getName(), message == null ? "" : message);
    }

    public static EndOfStream lost(String evidence) {
        return new EndOfStream(Kind.LOST, "", evidence);
    }
}
