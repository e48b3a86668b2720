package io.reactiveipc.internal.send;

/** Something that waits its turn to write into the ring. */
interface Writer {
    /** What came of an attempt. */
    enum Outcome {
        /** Nothing is left to write: leaves the queue. */
        DONE,
        /** The ring is too full: stays at the head of the queue. */
        NO_ROOM
    }

    /** Writes what fits. Called inside the publication's turnstile. */
    Outcome write();

    /** Tells its user what came of it. Called outside of the turnstile, after {@link Outcome#DONE}. */
    void written();

    /** The publication ended while this was waiting. Called outside of the turnstile. */
    void refused(RuntimeException reason);
}
