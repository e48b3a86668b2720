package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Waiting;
import java.util.List;
import java.util.Locale;

/** What two or more processes do with a contender. */
public enum Pattern {
    /** Back-to-back round trips: the next call leaves when the answer has come. Both sides spin. */
    RTT(Waiting.SPIN, true),
    /** One way, as fast as it goes, nothing lost. */
    THROUGHPUT(Waiting.YIELD, false),
    /** Round trips on a schedule, with the default waiting, both sides idle in between. */
    PACED(Waiting.DEFAULT, true),
    /** Connected and silent, with the default waiting. */
    IDLE(Waiting.DEFAULT, true),
    /** One sender, several receivers, each of which gets everything. */
    FANOUT(Waiting.YIELD, false),
    /** Several senders, one receiver. */
    FANIN(Waiting.YIELD, false),
    /** Round trips on one stream while others are open and silent. */
    STREAMS(Waiting.SPIN, true);

    private final Waiting waiting;
    private final boolean duplex;

    Pattern(Waiting waiting, boolean duplex) {
        this.waiting = waiting;
        this.duplex = duplex;
    }

    public Waiting waiting() {
        return waiting;
    }

    /** Whether the receiving side answers. */
    public boolean isDuplex() {
        return duplex;
    }

    /** Whether the processes never rest, so that what they do follows the distance of their cores. */
    boolean isFast() {
        return waiting != Waiting.DEFAULT;
    }

    /** Whether what counts is how long a message takes, not how many there are. */
    public boolean isLatency() {
        return this == RTT || this == PACED || this == STREAMS;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Pattern named(String label) {
        return CompareOptions.named("pattern", label, List.of(values()), Pattern::label);
    }
}
