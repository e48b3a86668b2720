package io.reactiveipc.uds.session;

/** The questions asked of one peer and what its silence amounts to. Times are the observer's own monotonic nanoseconds. */
final class Pulse {
    /** Answers to older questions count as life, but have no round trip. */
    private static final int REMEMBERED = 16;

    /** Who follows the peer's questions with its own waits for one this part of an interval longer than an interval. */
    private static final int FOLLOWING_FRACTION = 8;

    private final long[] askedAt = new long[REMEMBERED];
    private long sequence;
    private long roundSince;
    private boolean follows;
    private boolean unanswered;
    private long unansweredSince;
    private long heardAt;

    /** A new connection counts from one. */
    void restart() {
        sequence = 0;
    }

    /**
     * From now on it is an interval to the next question.
     *
     * @param follows or a little longer, so that the peer may ask first, and be asked along with the answer
     */
    void startRound(long now, boolean follows) {
        roundSince = now;
        this.follows = follows;
    }

    /**
     * The same for the round at hand.
     *
     * @return whether that is a change
     */
    boolean follow() {
        boolean change = !follows;
        follows = true;
        return change;
    }

    /** How long the last question, or the start of them, is past. */
    long roundAge(long now) {
        return now - roundSince;
    }

    /** How long it is until the next question must be asked; negative if that time has passed. */
    long dueIn(long interval, long now) {
        return interval + (follows ? interval / FOLLOWING_FRACTION : 0) - roundAge(now);
    }

    /** @return the number of the question */
    long asked(long now) {
        sequence++;
        askedAt[(int) (sequence % REMEMBERED)] = now;
        return sequence;
    }

    /** Whether asked or, for want of a connection, unable to: from now on silence counts. */
    void expectAnswer(long now) {
        if (!unanswered) {
            unanswered = true;
            unansweredSince = now;
        }
    }

    void heard(long now) {
        heardAt = now;
        unanswered = false;
    }

    /** Whether such an answer can be: its question was asked, and not too long ago. */
    boolean knows(long answered) {
        return answered > 0 && answered <= sequence && answered > sequence - REMEMBERED;
    }

    long roundTrip(long answered, long now) {
        return now - askedAt[(int) (answered % REMEMBERED)];
    }

    /** Time in which this process did not run is nobody's silence. */
    void forgive(long nanos) {
        unansweredSince += nanos;
    }

    /** How long a question has been open; 0 if none is. */
    long unansweredFor(long now) {
        return unanswered ? Math.max(0, now - unansweredSince) : 0;
    }

    boolean expectsAnswer() {
        return unanswered;
    }

    long silence(long now) {
        return now - heardAt;
    }
}
