package io.reactiveipc.shm.ring;

import io.reactiveipc.Overflow;

/**
 * What both ends of a ring must know of it.
 *
 * @param sessionId for messages
 * @param capacity bytes, a power of two
 * @param sessionKey what stamps are made with
 * @param maxMessageLength bytes
 * @param maxSubscribers slots in use
 * @param timestamps whether records carry a timestamp
 * @param initialPosition where the first record stands
 * @param overflow what the publisher does when there is no room
 * @param history messages that it keeps for those who come later
 */
public record RingGeometry(
        String sessionId,
        int capacity,
        long sessionKey,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        long initialPosition,
        Overflow.Kind overflow,
        int history) {
    /** Whether readers may find that a record was overwritten. */
    public boolean mayOverwrite() {
        return overflow == Overflow.Kind.OVERWRITE_OLDEST || evicts();
    }

    /** Whether whoever leaves no room for too long is left behind. */
    boolean evicts() {
        return overflow == Overflow.Kind.EVICT_SLOW;
    }
}
