package io.reactiveipc.spi;

import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.Start;
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
 * @param publishing what only publishers ask
 * @param reading what only subscribers ask
 */
public record StreamDefinition(
        String name,
        String typeId,
        int capacity,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        Publishing publishing,
        Reading reading) {
    /**
     * The publisher's side of the contract.
     *
     * @param overflow what happens when there is no room
     * @param history messages kept for those who come later; at least 1
     * @param policy when messages are accepted
     */
    public record Publishing(Overflow overflow, int history, PublishPolicy policy) {
        public Publishing {
            Objects.requireNonNull(overflow, "overflow");
            Objects.requireNonNull(policy, "policy");
            checkRange("history", history, 1, MAX_HISTORY);
        }
    }

    /**
     * Each subscriber's own choice.
     *
     * @param start where to begin
     * @param gap what to do after a loss
     * @param delivery which messages
     * @param maxLeases leases out at a time for each subscriber of {@code leases()}
     * @param awaitSuccessor whether a subscriber outlives the death of a publisher
     */
    public record Reading(Start start, Gap gap, Delivery delivery, int maxLeases, boolean awaitSuccessor) {
        public Reading {
            Objects.requireNonNull(start, "start");
            Objects.requireNonNull(gap, "gap");
            Objects.requireNonNull(delivery, "delivery");
            checkRange("maxLeases", maxLeases, 0, MAX_LEASES);
        }
    }

    public static final int MIN_CAPACITY = 64 * 1024;
    public static final int MAX_CAPACITY = 1024 * 1024 * 1024;
    public static final int DEFAULT_CAPACITY = 4 * 1024 * 1024;
    public static final int MAX_SUBSCRIBERS = 64;
    public static final int MAX_NAME_BYTES = 255;
    public static final int MAX_LEASES = 65_536;
    public static final int MAX_HISTORY = 1 << 20;
    private static final int DEFAULT_LEASES = 256;

    /** Of a record, besides its message: header, timestamp and padding at most. */
    private static final int RECORD_OVERHEAD = 63;

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
        Objects.requireNonNull(publishing, "publishing");
        Objects.requireNonNull(reading, "reading");
    }

    public static StreamDefinition of(String name, String typeId) {
        return new StreamDefinition(
                name,
                typeId,
                0,
                0,
                MAX_SUBSCRIBERS,
                false,
                new Publishing(Overflow.WAIT, 1, PublishPolicy.ALWAYS),
                new Reading(Start.NEXT, Gap.ERROR, Delivery.BROADCAST, DEFAULT_LEASES, false));
    }

    /** The capacity named, or the default. */
    public int effectiveCapacity() {
        return capacity == 0 ? DEFAULT_CAPACITY : capacity;
    }

    /** The longest message named, or what a ring of the default or named capacity allows. */
    public int effectiveMaxMessageLength() {
        return maxMessageLengthIn(effectiveCapacity());
    }

    /** The longest message in a ring of some capacity: an eighth of it, and so short that half of it holds the history. */
    public int maxMessageLengthIn(int ring) {
        int longest = Math.min(ring / 8, ring / 2 / publishing.history - RECORD_OVERHEAD);
        return maxMessageLength == 0 ? longest : Math.min(maxMessageLength, ring / 8);
    }

    /**
     * Checks what a publisher asks for as a whole.
     *
     * @throws IllegalArgumentException naming the choices that do not go together, and the repair
     */
    public void checkPublishing() {
        checkHistoryIn(effectiveCapacity());
    }

    /** The same of the history, in a ring whose capacity another publisher has chosen. */
    public void checkHistoryIn(int ring) {
        int longest = maxMessageLengthIn(ring);
        long kept = (long) publishing.history * (longest + RECORD_OVERHEAD);
        if (publishing.history > 1 && (longest < 1 || kept > ring / 2)) {
            throw new IllegalArgumentException("history(" + publishing.history + ") of messages of up to "
                    + Math.max(1, longest) + " bytes does not fit into half of the capacity, " + ring
                    + " bytes; raise capacity, or lower maxMessageLength or history");
        }
    }

    /**
     * Checks what a subscriber asks for as a whole.
     *
     * @throws IllegalArgumentException naming the choices that do not go together, and the repair
     */
    public void checkReading() {
        Start.Kind start = reading.start.kind();
        Delivery.Kind delivery = reading.delivery.kind();
        if (delivery == Delivery.Kind.LATEST && start != Start.Kind.NEXT && start != Start.Kind.LATEST) {
            throw refused("delivery(LATEST) starts at NEXT or LATEST", "use delivery(BROADCAST) to get older messages");
        }
        if (delivery != Delivery.Kind.BROADCAST && reading.gap != Gap.ERROR) {
            throw refused("delivery(" + delivery + ") has no gaps to choose for", "leave gap out");
        }
    }

    private IllegalArgumentException refused(String rule, String repair) {
        return new IllegalArgumentException(rule + ": stream \"" + name + "\" has " + reading.start + ", " + reading.gap
                + ", " + reading.delivery + "; " + repair);
    }

    public StreamDefinition withCapacity(int bytes) {
        if (bytes == 0) {
            checkRange("capacity in bytes", 0, MIN_CAPACITY, MAX_CAPACITY);
        }
        return new StreamDefinition(
                name, typeId, bytes, maxMessageLength, maxSubscribers, timestamps, publishing, reading);
    }

    public StreamDefinition withMaxMessageLength(int bytes) {
        if (bytes == 0) {
            checkRange("maxMessageLength in bytes", 0, 1, effectiveCapacity() / 8);
        }
        return new StreamDefinition(name, typeId, capacity, bytes, maxSubscribers, timestamps, publishing, reading);
    }

    public StreamDefinition withMaxSubscribers(int count) {
        return new StreamDefinition(name, typeId, capacity, maxMessageLength, count, timestamps, publishing, reading);
    }

    public StreamDefinition withTimestamps(boolean enabled) {
        return new StreamDefinition(
                name, typeId, capacity, maxMessageLength, maxSubscribers, enabled, publishing, reading);
    }

    public StreamDefinition withPublishing(Publishing changed) {
        return new StreamDefinition(
                name, typeId, capacity, maxMessageLength, maxSubscribers, timestamps, changed, reading);
    }

    public StreamDefinition withReading(Reading changed) {
        return new StreamDefinition(
                name, typeId, capacity, maxMessageLength, maxSubscribers, timestamps, publishing, changed);
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
