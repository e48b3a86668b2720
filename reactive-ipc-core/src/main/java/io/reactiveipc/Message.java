package io.reactiveipc;

import org.agrona.DirectBuffer;

/**
 * One message as bytes. How long it may be touched depends on where it came from:
 *
 * <ul>
 *   <li>{@link IpcSubscription#receive(java.util.function.Function)}: a view of the ring, until the function returns;
 *   <li>{@link IpcSubscription#messages()}: a copy on the heap, as long as you like;
 *   <li>{@link IpcSubscription#leases()}: a view of the ring, until {@link #release()}. An unreleased lease holds the
 *       publisher back.
 * </ul>
 *
 * <p>Afterwards every access throws {@link IllegalStateException}; other bytes are never read. A message may be handed to
 * another thread, but must not be released while that thread still reads it.
 */
public interface Message extends AutoCloseable {
    /**
     * The payload, from index 0 to {@link #length()}. The buffer checks bounds and lifetime at each access; it has no
     * address and no backing array, so copy out of it with {@code getBytes}.
     *
     * @throws IllegalStateException if the message was released or has expired
     */
    DirectBuffer buffer();

    /** The payload's length in bytes. */
    int length();

    /** The message's number within its publication, from 0; without gaps on a lossless stream. */
    long sequence();

    /**
     * When the publisher committed it, as its {@link System#nanoTime()}, or 0 if the stream was opened without {@link
     * StreamSpec#timestamps(boolean)}. On Linux that clock is one for all processes of a machine (CLOCK_MONOTONIC), so
     * {@code System.nanoTime() - timestampNanos()} is the message's age; do not compare it across machines or reboots.
     */
    long timestampNanos();

    /**
     * Whether another member of a queue group had this message before and did not finish it. It may have been seen in part, or
     * not at all. Always false elsewhere.
     */
    default boolean isRedelivered() {
        return false;
    }

    /** A copy of the payload. */
    default byte[] toByteArray() {
        byte[] bytes = new byte[length()];
        buffer().getBytes(0, bytes);
        return bytes;
    }

    /**
     * Gives a lease back; in a queue group that finishes the message. Idempotent, callable from any thread, and without effect
     * on copies.
     */
    void release();

    /**
     * The same, but leaves a message of a queue group unfinished: it is delivered again, to this subscriber or, once that is
     * cancelled, to another one of the group. Also what becomes of leases that are forgotten, and the one to use with
     * {@code doOnDiscard}.
     */
    default void giveBack() {
        release();
    }

    /** The same as {@link #release()}, for try-with-resources. */
    @Override
    default void close() {
        release();
    }
}
