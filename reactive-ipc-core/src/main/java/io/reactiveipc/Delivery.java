package io.reactiveipc;

import io.reactiveipc.spi.StreamDefinition;
import java.util.Locale;

/**
 * Which messages a subscriber gets. Each subscription chooses for itself, and all kinds read the same ring at the same time. See
 * {@link StreamSpec#delivery}.
 */
public final class Delivery {
    /** What kinds of delivery there are. */
    public enum Kind {
        /** All messages. */
        BROADCAST,
        /** The newest message. */
        LATEST,
        /** Messages that no other member of the group gets. */
        QUEUE
    }

    /** All, in order. The publisher waits for it, unless its {@link Overflow} says otherwise. The default. */
    public static final Delivery BROADCAST = new Delivery(Kind.BROADCAST, "", false);

    /** Each demand is answered with the newest message, if that is unseen. The publisher never waits for it. */
    public static final Delivery LATEST = new Delivery(Kind.LATEST, "", false);

    private final Kind kind;
    private final String group;
    private final boolean atMostOnce;

    private Delivery(Kind kind, String group, boolean atMostOnce) {
        this.kind = kind;
        this.group = group;
        this.atMostOnce = atMostOnce;
    }

    /**
     * A queue: all subscriptions with the same group share the stream, and each message goes to exactly one of them, to whoever
     * has demand. The publisher waits for messages that nobody has taken or finished.
     *
     * <p>A message is finished when the subscriber asks for the next one, or when {@code onNext} has returned, by default; with
     * {@link IpcSubscription#leases()} by {@link Message#release()}. What a subscriber has not finished when it is cancelled or
     * its process dies is given to another one of the group, and says so by {@link Message#isRedelivered()}: each message is
     * delivered at least once.
     *
     * <p>A group begins with its first subscriber, at that one's {@link Start}, and ends when its last one is cancelled and
     * nothing is left unfinished. Subscribers that were killed are waited for.
     *
     * @param group 1 to 255 bytes of UTF-8 without {@code /}, {@code \}, {@code ..} or control characters; a publication
     *     serves up to 16 of them in its life
     * @throws IllegalArgumentException if the name breaks that rule
     */
    public static Delivery queue(String group) {
        StreamDefinition.checkName("queue group", group);
        return new Delivery(Kind.QUEUE, group, false);
    }

    /**
     * The same queue without redelivery: what this subscriber has taken is for nobody else, even if it dies at once. Messages
     * that nobody has taken are still waited for.
     *
     * @throws IllegalArgumentException if this is no queue
     */
    public Delivery atMostOnce() {
        if (kind != Kind.QUEUE) {
            throw new IllegalArgumentException("atMostOnce() of " + this
                    + ": nothing of it is redelivered; use Delivery.queue(group).atMostOnce()");
        }
        return new Delivery(kind, group, true);
    }

    /**
     * Reads what {@link #toString} says, in upper or lower case: {@code broadcast}, {@code latest}, {@code queue:<group>} or
     * {@code queue-at-most-once:<group>}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static Delivery valueOf(String text) {
        int colon = text.indexOf(':');
        String kind = (colon < 0 ? text : text.substring(0, colon))
                .toUpperCase(Locale.ROOT)
                .replace('-', '_');
        if (colon < 0 && kind.equals("BROADCAST")) {
            return BROADCAST;
        }
        if (colon < 0 && kind.equals("LATEST")) {
            return LATEST;
        }
        if (colon >= 0 && kind.equals("QUEUE")) {
            return queue(text.substring(colon + 1));
        }
        if (colon >= 0 && kind.equals("QUEUE_AT_MOST_ONCE")) {
            return queue(text.substring(colon + 1)).atMostOnce();
        }
        throw new IllegalArgumentException(
                "delivery must be broadcast, latest, queue:<group> or queue-at-most-once:<group>: \"" + text + "\"");
    }

    public Kind kind() {
        return kind;
    }

    /** The name of the queue's group; empty where there is none. */
    public String group() {
        return group;
    }

    /** Whether a queue redelivers nothing. */
    public boolean isAtMostOnce() {
        return atMostOnce;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Delivery that
                && kind == that.kind
                && group.equals(that.group)
                && atMostOnce == that.atMostOnce;
    }

    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + group.hashCode();
    }

    @Override
    public String toString() {
        return kind == Kind.QUEUE ? (atMostOnce ? "QUEUE_AT_MOST_ONCE:" : "QUEUE:") + group : kind.toString();
    }
}
