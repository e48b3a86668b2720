package io.reactiveipc.shm.ring;

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
 */
public record RingGeometry(
        String sessionId,
        int capacity,
        long sessionKey,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        long initialPosition) {}
