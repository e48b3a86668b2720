package io.reactiveipc.spi;

import java.util.UUID;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's reading end of one ring. One thread at a time, with happens-before between them, except {@link #lag()},
 * which any thread may call.
 */
public interface RingConsumer {
    /** Told of what a reader of an overwriting stream missed. */
    interface Losses {
        /** On the polling thread, before the message behind the gap; must be quick. */
        void onGap(RingConsumer consumer, long firstMissing, long lastMissing);
    }

    /**
     * What a member of a queue group does besides: it claims what it has polled, and says when it is finished. On the polling
     * thread, but for {@link #finish} and {@link #giveBack}, which are for any thread, until the consumer is closed.
     */
    interface Member {
        /**
         * Claims the message that was polled; the one claimed before, if it was not kept, is finished by that.
         *
         * @return false if another member has it: poll again
         */
        boolean claim();

        /** Finishes what was claimed and stepped behind, unless it was kept. */
        void settle();

        /**
         * Keeps the message at hand until {@link #finish} or {@link #giveBack}.
         *
         * @return what to call it by
         */
        int keep();

        void finish(int kept);

        /** To be polled again. */
        void giveBack(int kept);
    }

    /** Nothing to read now. */
    int EMPTY = -1;

    /** The session ended; {@link #end()} tells how. */
    int ENDED = -2;

    /**
     * Looks at the next message without taking it; again and again the same one until {@link #advance()}.
     *
     * @return where in {@link #buffer()} its payload starts, {@link #EMPTY} or {@link #ENDED}
     * @throws io.reactiveipc.CorruptRingException if what stands there is no record
     * @throws io.reactiveipc.LappedException where messages were overwritten, and that is to be an error
     * @throws io.reactiveipc.SubscriberEvictedException where the publisher goes on without this subscriber
     */
    int poll();

    /**
     * The same, for whoever has just {@link #advance advanced}. A method of its own lets the compiler tell two things apart: after a
     * message there is often another one, while the first look of somebody who waits nearly always finds nothing.
     */
    default int pollOn() {
        return poll();
    }

    /** Where the message at hand is: the ring, or a copy of it; for reading only. */
    DirectBuffer buffer();

    /** Length of the message at hand. All of it is within the {@link #buffer()}, which nobody checks again. */
    int length();

    /** Number of the message at hand within its session. */
    long sequence();

    /** Publisher's clock of the message at hand, or 0. */
    long timestampNanos();

    /** Whether the message at hand was another one's before. */
    boolean isRedelivered();

    /** What there is to do besides, as a member of a queue group; null for others. */
    @Nullable
    Member member();

    /** Steps behind the message at hand. Its bytes stay untouched by the publisher until {@link #release}. */
    void advance();

    /** The position of the next message to poll. */
    long position();

    /** Gives all bytes before the position back to the publisher. Never backwards. */
    void release(long position);

    /** Bytes of the ring. */
    int capacity();

    /** How the session ended, after {@link #ENDED}. */
    EndOfStream end();

    /** The session's id. */
    String sessionId();

    /** The publishing node. */
    UUID node();

    /** Bytes published and not yet released. */
    long lag();

    /**
     * Has the publisher ring a doorbell of this node at its next commit. To be followed by a last {@link #poll()} before
     * sleeping.
     *
     * @param loop whose doorbell
     */
    void arm(int loop);

    /** Detaches: frees the slot at once. Idempotent. */
    void close();
}
