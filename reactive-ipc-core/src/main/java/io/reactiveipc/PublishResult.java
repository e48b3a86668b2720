package io.reactiveipc;

/**
 * What became of one message, and of whom.
 *
 * @param outcome whether it was written
 * @param subscribers how many were attached
 * @param blocked how many of them left no room for it
 */
public record PublishResult(Outcome outcome, int subscribers, int blocked) {
    /** What became of it. */
    public enum Outcome {
        /** It is in the ring, for all subscribers. */
        WRITTEN,
        /** There was no room, and nothing was written. */
        NO_ROOM,
        /** Nobody is subscribed, and {@link PublishPolicy#WHEN_SUBSCRIBED} asks for somebody. */
        NO_SUBSCRIBER,
        /** The last one is more recent than {@link PublishPolicy#atMostEvery} allows. */
        TOO_EARLY
    }

    public boolean isWritten() {
        return outcome == Outcome.WRITTEN;
    }
}
