package io.reactiveipc.spi;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A stream as a transport sees it: everything of a {@link io.reactiveipc.StreamSpec} but the codec.
 *
 * @param name 1 to 255 bytes of UTF-8 without separators, {@code ..} or control characters
 * @param typeId what the bytes mean; publisher and subscriber must agree
 * @param capacity bytes of the ring, or 0 where it was not named
 * @param maxMessageLength bytes, or 0 where it was not named
 * @param maxSubscribers slots of the ring
 * @param timestamps whether records carry the publisher's clock
 * @param requireSubscriber whether emitting to nobody is refused
 * @param maxLeases leases out at a time for each subscriber of {@code leases()}
 * @param awaitSuccessor whether a subscriber outlives the death of a publisher
 */
public record StreamDefinition(
        String name,
        String typeId,
        int capacity,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        boolean requireSubscriber,
        int maxLeases,
        boolean awaitSuccessor) {
    public static final int MIN_CAPACITY = 64 * 1024;
    public static final int MAX_CAPACITY = 1024 * 1024 * 1024;
    public static final int DEFAULT_CAPACITY = 4 * 1024 * 1024;
    public static final int MAX_SUBSCRIBERS = 64;
    public static final int MAX_NAME_BYTES = 255;
    public static final int MAX_LEASES = 65_536;
    private static final int DEFAULT_LEASES = 256;

    public StreamDefinition {
        checkName("stream name", name);
        checkLength("codec type id", typeId);
        if (capacity != 0) {
            if (Integer.bitCount(capacity) != 1 || capacity < 0) {
                throw new IllegalArgumentException("capacity must be a power of two: " + capacity + "; the next is "
                        + Integer.highestOneBit(Math.max(MIN_CAPACITY / 2, Math.min(capacity, MAX_CAPACITY / 2))) * 2);
            }
            checkRange("capacity in bytes", capacity, MIN_CAPACITY, MAX_CAPACITY);
        }
        if (maxMessageLength != 0) {
            checkRange(
                    "maxMessageLength in bytes",
                    maxMessageLength,
                    1,
                    (capacity == 0 ? DEFAULT_CAPACITY : capacity) / 8);
        }
        checkRange("maxSubscribers", maxSubscribers, 1, MAX_SUBSCRIBERS);
        checkRange("maxLeases", maxLeases, 0, MAX_LEASES);
    }

    public static StreamDefinition of(String name, String typeId) {
        return new StreamDefinition(name, typeId, 0, 0, MAX_SUBSCRIBERS, false, false, DEFAULT_LEASES, false);
    }

    /** The capacity named, or the default. */
    public int effectiveCapacity() {
        return capacity == 0 ? DEFAULT_CAPACITY : capacity;
    }

    /** The longest message named, or an eighth of the capacity. */
    public int effectiveMaxMessageLength() {
        return maxMessageLength == 0 ? effectiveCapacity() / 8 : maxMessageLength;
    }

    public StreamDefinition withCapacity(int bytes) {
        if (bytes == 0) {
            checkRange("capacity in bytes", 0, MIN_CAPACITY, MAX_CAPACITY);
        }
        return new StreamDefinition(
                name,
                typeId,
                bytes,
                maxMessageLength,
                maxSubscribers,
                timestamps,
                requireSubscriber,
                maxLeases,
                awaitSuccessor);
    }

    public StreamDefinition withMaxMessageLength(int bytes) {
        if (bytes == 0) {
            checkRange("maxMessageLength in bytes", 0, 1, effectiveCapacity() / 8);
        }
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                bytes,
                maxSubscribers,
                timestamps,
                requireSubscriber,
                maxLeases,
                awaitSuccessor);
    }

    public StreamDefinition withMaxSubscribers(int count) {
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                maxMessageLength,
                count,
                timestamps,
                requireSubscriber,
                maxLeases,
                awaitSuccessor);
    }

    public StreamDefinition withTimestamps(boolean enabled) {
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                maxMessageLength,
                maxSubscribers,
                enabled,
                requireSubscriber,
                maxLeases,
                awaitSuccessor);
    }

    public StreamDefinition withRequireSubscriber(boolean required) {
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                maxMessageLength,
                maxSubscribers,
                timestamps,
                required,
                maxLeases,
                awaitSuccessor);
    }

    public StreamDefinition withMaxLeases(int count) {
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                maxMessageLength,
                maxSubscribers,
                timestamps,
                requireSubscriber,
                count,
                awaitSuccessor);
    }

    public StreamDefinition withAwaitSuccessor(boolean await) {
        return new StreamDefinition(
                name,
                typeId,
                capacity,
                maxMessageLength,
                maxSubscribers,
                timestamps,
                requireSubscriber,
                maxLeases,
                await);
    }

    /**
     * Checks a name that processes share.
     *
     * @param what the name names, for the message
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static void checkName(String what, String name) {
        checkLength(what, name);
        if (name.contains("..") || name.equals(".") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw new IllegalArgumentException(what + " must not be '.' or contain '/', '\\' or '..': \"" + name
                    + "\"; use single dots: \"sensors.temp\"");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new IllegalArgumentException(what + " must not contain control characters: 0x"
                        + Integer.toHexString(name.charAt(i)) + " at index " + i + "; remove it");
            }
        }
    }

    private static void checkLength(String what, String text) {
        Objects.requireNonNull(text, what);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(what + " must be 1 to " + MAX_NAME_BYTES + " bytes of UTF-8: it is "
                    + length + (length == 0 ? "" : " (\"" + text.substring(0, Math.min(32, text.length())) + "…\")"));
        }
    }

    private static void checkRange(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be " + min + " to " + max + ": " + value);
        }
    }
}
