package io.reactiveipc.benchmarks;

/**
 * One row of the plan, for every contender the same.
 *
 * @param length bytes of a message
 * @param senders how many processes send
 * @param receivers how many ends receive, in at most three processes
 * @param silentStreams how many streams are open beside the one measured
 * @param rate messages a second of {@link Pattern#PACED}, else 0
 */
public record Scenario(Pattern pattern, int length, int senders, int receivers, int silentStreams, int rate) {
    private static final int MAX_PROCESSES = 3;

    static Scenario oneToOne(Pattern pattern, int length) {
        return new Scenario(pattern, length, 1, 1, 0, 0);
    }

    Scenario atRate(int rate) {
        return new Scenario(pattern, length, senders, receivers, silentStreams, rate);
    }

    /** How many processes the receivers are spread over: one each if these are few, else two. */
    int receiverProcesses() {
        return receivers <= MAX_PROCESSES ? receivers : 2;
    }

    /** What tells it from other rows of its pattern. */
    public String label() {
        return switch (pattern) {
            case RTT, THROUGHPUT -> bytes(length);
            case PACED -> rate + "/s";
            case IDLE -> "silent";
            case FANOUT -> "1→" + receivers;
            case FANIN -> senders + "→1";
            case STREAMS -> silentStreams + 1 + (silentStreams == 0 ? " stream" : " streams");
        };
    }

    static String bytes(int length) {
        if (length >= 1 << 20 && length % (1 << 20) == 0) {
            return (length >> 20) + " MiB";
        }
        return length >= 1024 && length % 1024 == 0 ? (length >> 10) + " KiB" : length + " B";
    }
}
