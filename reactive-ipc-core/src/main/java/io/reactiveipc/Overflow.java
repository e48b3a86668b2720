package io.reactiveipc;

import java.time.Duration;
import java.util.Objects;

/**
 * What a publication does when its slowest lossless subscriber leaves no room. Chosen by the publisher; see {@link
 * StreamSpec#overflow}.
 *
 * @param kind which of the four
 * @param patience how long {@link Kind#EVICT_SLOW} waits; zero for the others
 */
public record Overflow(Kind kind, Duration patience) {
    /** The choices. */
    public enum Kind {
        /** Nothing is lost: {@code emit} and {@code send} wait for room without a thread, {@code tryEmit} refuses. */
        WAIT,
        /** Nothing that was accepted is lost: what finds no room is refused at once, also by {@code emit} and {@code send}. */
        FAIL,
        /** There is always room: the oldest messages make way. Readers that fall behind are told what they missed. */
        OVERWRITE_OLDEST,
        /** As {@link #WAIT}, but whoever leaves no room, and makes none, for longer than the patience is evicted, and told; the others go on. */
        EVICT_SLOW
    }

    private static final Duration LONGEST = Duration.ofDays(365);

    /** The default. */
    public static final Overflow WAIT = new Overflow(Kind.WAIT, Duration.ZERO);

    public static final Overflow FAIL = new Overflow(Kind.FAIL, Duration.ZERO);
    public static final Overflow OVERWRITE_OLDEST = new Overflow(Kind.OVERWRITE_OLDEST, Duration.ZERO);

    /**
     * @param patience how long a subscriber may leave no room, and make none: 1 ms to 365 days
     * @throws IllegalArgumentException if it is out of range
     */
    public static Overflow evictSlow(Duration patience) {
        return new Overflow(Kind.EVICT_SLOW, patience);
    }

    public Overflow {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(patience, "patience");
        if (kind == Kind.EVICT_SLOW
                ? patience.compareTo(Duration.ofMillis(1)) < 0 || patience.compareTo(LONGEST) > 0
                : !patience.isZero()) {
            throw new IllegalArgumentException(
                    "patience must be at least 1 ms and at most 365 days with EVICT_SLOW, and zero with the others: "
                            + kind + ", " + patience);
        }
    }

    /** Whether readers may find that a message was overwritten. */
    public boolean mayOverwrite() {
        return kind == Kind.OVERWRITE_OLDEST || kind == Kind.EVICT_SLOW;
    }
}
