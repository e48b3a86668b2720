package io.reactiveipc;

import io.reactiveipc.spi.StreamDefinition;
import io.reactiveipc.spi.StreamDefinition.Publishing;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.util.Objects;

/**
 * What a stream is called, what it carries and how large its ring is. Immutable: each wither returns a new one, checked at
 * once.
 *
 * @param <T> the type of the values
 */
public final class StreamSpec<T> {
    private final Codec<T> codec;
    private final StreamDefinition definition;

    private StreamSpec(Codec<T> codec, StreamDefinition definition) {
        this.codec = codec;
        this.definition = definition;
    }

    /**
     * @param name 1 to 255 bytes of UTF-8 without {@code /}, {@code \}, {@code ..} or control characters
     * @throws IllegalArgumentException if the name or the codec's type id breaks that rule
     */
    public static <T> StreamSpec<T> of(String name, Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return new StreamSpec<>(codec, StreamDefinition.of(name, codec.typeId()));
    }

    /**
     * The ring's bytes: a power of two from 64 KiB to 1 GiB; 4 MiB by default, which was the fastest of 256 KiB to 32 MiB
     * for messages up to 64 KiB. A subscriber that does not name it takes the publisher's.
     *
     * @throws IllegalArgumentException if it is out of range or no power of two
     */
    public StreamSpec<T> capacity(int bytes) {
        return new StreamSpec<>(codec, definition.withCapacity(bytes));
    }

    /**
     * The longest message in bytes: at most, and by default, an eighth of the capacity.
     *
     * @throws IllegalArgumentException if it is not positive or more than an eighth of the capacity
     */
    public StreamSpec<T> maxMessageLength(int bytes) {
        return new StreamSpec<>(codec, definition.withMaxMessageLength(bytes));
    }

    /**
     * How many subscribers one publication serves at a time: 1 to 64, 64 by default. Taken from the publisher.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public StreamSpec<T> maxSubscribers(int count) {
        return new StreamSpec<>(codec, definition.withMaxSubscribers(count));
    }

    /** Whether each message carries its publisher's clock ({@link Message#timestampNanos()}); off by default: 8 bytes and about 20 ns. */
    public StreamSpec<T> timestamps(boolean enabled) {
        return new StreamSpec<>(codec, definition.withTimestamps(enabled));
    }

    // ---- the publisher's side of the contract -----------------------------------------------------------------------

    /** What happens when the slowest lossless subscriber leaves no room; {@link Overflow#WAIT} by default. */
    public StreamSpec<T> overflow(Overflow overflow) {
        Publishing old = definition.publishing();
        return with(new Publishing(overflow, old.history(), old.policy()));
    }

    /**
     * How many of its newest messages a publication keeps for those who come later ({@link Start#last}): 1 to 1048576, 1 by
     * default. They must fit into half of the capacity, so without {@link #maxMessageLength} the longest message gets shorter.
     *
     * @throws IllegalArgumentException if it is out of range; {@code publish} checks that it fits
     */
    public StreamSpec<T> history(int count) {
        Publishing old = definition.publishing();
        return with(new Publishing(old.overflow(), count, old.policy()));
    }

    /** When messages are accepted at all; {@link PublishPolicy#ALWAYS} by default: then those to nobody are seen by nobody. */
    public StreamSpec<T> publishPolicy(PublishPolicy policy) {
        Publishing old = definition.publishing();
        return with(new Publishing(old.overflow(), old.history(), policy));
    }

    // ---- each subscriber's own choice -------------------------------------------------------------------------------

    /** Where to begin; {@link Start#NEXT} by default. */
    public StreamSpec<T> start(Start start) {
        Reading old = definition.reading();
        return with(new Reading(start, old.gap(), old.delivery(), old.maxLeases(), old.awaitSuccessor()));
    }

    /** What to do after messages were overwritten; {@link Gap#ERROR} by default. */
    public StreamSpec<T> gap(Gap gap) {
        Reading old = definition.reading();
        return with(new Reading(old.start(), gap, old.delivery(), old.maxLeases(), old.awaitSuccessor()));
    }

    /** Which messages to get; {@link Delivery#BROADCAST} by default: all of them. */
    public StreamSpec<T> delivery(Delivery delivery) {
        Reading old = definition.reading();
        return with(new Reading(old.start(), old.gap(), delivery, old.maxLeases(), old.awaitSuccessor()));
    }

    /**
     * How many leases of one {@link IpcSubscription#leases()} subscriber may be out at a time before further messages
     * arrive as heap copies: 0 to 65536, 256 by default. Independent of it, leases never hold more than half of the ring. Without
     * effect with {@link Delivery#queue}: there a subscriber has up to eight, and gets the next one when one is back.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public StreamSpec<T> maxLeases(int count) {
        Reading old = definition.reading();
        return with(new Reading(old.start(), old.gap(), old.delivery(), count, old.awaitSuccessor()));
    }

    /**
     * Whether a subscriber outlives the death of a publisher: instead of {@link PublisherLostException} after the last
     * committed message it goes on with the other publications, and waits for a successor if there is none. Off by default.
     */
    public StreamSpec<T> awaitSuccessor(boolean await) {
        Reading old = definition.reading();
        return with(new Reading(old.start(), old.gap(), old.delivery(), old.maxLeases(), await));
    }

    private StreamSpec<T> with(Publishing publishing) {
        return new StreamSpec<>(codec, definition.withPublishing(publishing));
    }

    private StreamSpec<T> with(Reading reading) {
        return new StreamSpec<>(codec, definition.withReading(reading));
    }

    public String name() {
        return definition.name();
    }

    public Codec<T> codec() {
        return codec;
    }

    /** The stream as a transport sees it. */
    public StreamDefinition definition() {
        return definition;
    }

    @Override
    public String toString() {
        return "StreamSpec(" + definition + ")";
    }
}
