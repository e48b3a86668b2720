package io.reactiveipc;

import java.util.Objects;

/**
 * Where a subscriber begins in the publications that exist when it attaches; of those that come later it gets all, from the
 * first message on where that is still there. See {@link StreamSpec#start}.
 *
 * @param kind which of the four
 * @param count how many messages {@link Kind#LAST} goes back; zero for the others
 */
public record Start(Kind kind, int count) {
    /** The choices. */
    public enum Kind {
        /** With what is published from now on. */
        NEXT,
        /** With the newest message there is, and then on. */
        LATEST,
        /** With the oldest message that is still kept. */
        OLDEST,
        /** With the newest so many messages, or all there are. */
        LAST
    }

    /** The default. */
    public static final Start NEXT = new Start(Kind.NEXT, 0);

    public static final Start LATEST = new Start(Kind.LATEST, 0);
    public static final Start OLDEST = new Start(Kind.OLDEST, 0);

    /**
     * Each publication must keep as many: {@link StreamSpec#history}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static Start last(int count) {
        return new Start(Kind.LAST, count);
    }

    public Start {
        Objects.requireNonNull(kind, "kind");
        if (kind == Kind.LAST ? count < 1 : count != 0) {
            throw new IllegalArgumentException("count must be positive with LAST, and 0 with the others: " + kind + ", "
                    + count + "; use NEXT to begin with the next message");
        }
    }

    /** How many messages each publication must keep for it. */
    public int history() {
        return kind == Kind.LATEST ? 1 : count;
    }
}
