package io.reactiveipc.spi;

import io.reactiveipc.PeerInfo;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;

/**
 * The writing end of one ring. One thread at a time: the bridge serialises its callers and hands over with
 * happens-before. {@link #subscriberCount()}, {@link #freeBytes()}, {@link #messages()} and {@link #position()} may be called by any
 * thread.
 */
public interface RingProducer {
    /** Returned by {@link #tryClaim} when the slowest subscriber leaves no room. */
    int FULL = -1;

    /**
     * Reserves room for one message of at most {@code length} bytes.
     *
     * @param length 0 to {@link #maxMessageLength()}
     * @return where in {@link #buffer()} to write it, all of it within, which nobody checks again; or {@link #FULL}. To be followed by {@link
     *     #commit} or nothing at all
     */
    int tryClaim(int length);

    /**
     * Makes the claimed message visible, at once or, between {@link #beginBatch()} and {@link #endBatch()}, by the latter.
     *
     * @param length 0 to what was claimed
     */
    void commit(int length);

    /**
     * Holds messages back until {@link #endBatch()}, to hand them over to readers as one. Only for writers that are certain
     * to reach {@code endBatch} without waiting for anything.
     */
    void beginBatch();

    void endBatch();

    /**
     * Within a batch, claims what needs no look at anything: neither at the subscribers, nor at how long the batch is, nor at where the
     * ring ends. A loop of this and {@link #commitInBatch} has no call and no fence, so that its state can stay in registers.
     *
     * @return as {@link #tryClaim}, but {@link #FULL} also where that may find room, and while messages are staged
     */
    default int tryClaimInBatch(int length) {
        return FULL;
    }

    /** Commits what {@link #tryClaimInBatch} claimed, as {@link #commit} does. */
    default void commitInBatch(int length) {
        commit(length);
    }

    /**
     * Within a batch, has the messages to come written to memory of this process first, where a message of that length finds room, and
     * copied into the ring in long pieces, by {@link #endBatch()} at the latest: {@link #tryClaimStaged}. Where the line of a ring comes
     * over from a core that is far away, storing to it word by word takes longer than the copy.
     *
     * @return false where that cannot be done, or not now: {@link #tryClaim} the message, and try with the next one
     */
    default boolean openStage(int length) {
        return false;
    }

    /**
     * As {@link #tryClaimInBatch}, after {@link #openStage} was true. Followed by {@link #commitStaged}, or by nothing at all where
     * the message is given up. What was staged comes before whatever is claimed next by {@link #tryClaim}, which copies it first.
     *
     * @return where in {@link #stagingBuffer()} to write it, or {@link #FULL}
     */
    default int tryClaimStaged(int length) {
        return FULL;
    }

    /** Commits what {@link #tryClaimStaged} claimed, as {@link #commit} does. */
    default void commitStaged(int length) {
        throw new IllegalStateException("nothing is staged here");
    }

    /** To write a staged claim into; the same one from the first {@link #openStage} on that was true. */
    default MutableDirectBuffer stagingBuffer() {
        throw new IllegalStateException("nothing is staged here");
    }

    /** The ring, to write a claim into; the same one always. */
    MutableDirectBuffer buffer();

    int maxMessageLength();

    int capacity();

    /** The ring's bytes that a message takes, header and padding included. */
    int recordLength(int messageLength);

    /**
     * Bytes that can be claimed before the ring is full. Asks the subscribers only if what was known to be free is less than
     * is wanted.
     *
     * @param least what the caller needs to go on: with less, it waits, and whoever leaves no more may be evicted
     * @param wanted what the caller can make use of
     */
    long room(long least, long wanted);

    /** How many messages were ever written. */
    long messages();

    /** Where the next record starts: the count of bytes ever written, records' headers and padding included. */
    long position();

    /** Whether all attached subscribers have passed the position. */
    boolean isDrainedTo(long position);

    /** The session's id. */
    String sessionId();

    int subscriberCount();

    /** How many subscribers leave no room for a message of this length. */
    int blockedBy(int messageLength);

    /** Has the listener told who is evicted, while a thread of the bridge waits for room; it must be quick. */
    void onEviction(Consumer<PeerInfo> listener);

    long freeBytes();

    /**
     * Has subscribers ring a doorbell of this node when they come, go, or give room back. To be followed by a last look
     * before sleeping.
     *
     * @param loop whose doorbell
     */
    void arm(int loop);

    /**
     * Writes the end of the stream, for which room is always kept, and forbids further claims. Error texts are shortened to
     * that room.
     *
     * @param end {@link EndOfStream.Kind#COMPLETE} or {@link EndOfStream.Kind#ERROR}
     */
    void end(EndOfStream end);

    /** Ends the stream if it was not ended, and removes its name so that nobody new attaches. Readers drain what they have. */
    void close();
}
