package io.reactiveipc.spring.boot;

import io.reactiveipc.Codec;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.Start;
import io.reactiveipc.spi.WaitStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application may say about its node and streams: the options of {@link io.reactiveipc.IpcNode.Builder} and {@link
 * io.reactiveipc.StreamSpec}, with the same defaults. Only the names are checked here; values are when they are used.
 *
 * @param enabled Whether the application has an IPC node at all.
 * @param optional Whether the application starts although the directory cannot be used. Its node is then alone, in a
 *     directory of its own in the temporary directory: streams work within the application and reach nobody else.
 * @param directory Directory of the rings, the same for all processes that are to see each other, readable by one user only.
 *     By default what the system property reactive.ipc.directory or the environment variable REACTIVE_IPC_DIRECTORY name, or
 *     else one in /dev/shm.
 * @param name Name of the node in thread names and in the diagnostics of its peers. By default the application's name and
 *     the process id.
 * @param controlPlane Whether the node tells peers of readiness and heartbeats, and is told of theirs. Streams work without,
 *     events and the states of peers do not.
 * @param heartbeat Interval at which peers are asked for a sign of life. Zero for never.
 * @param staleAfter Silence after which a peer is stale. Longer than the heartbeat's interval.
 * @param pollThreads Number of poll loops that share the node's streams, from 1 to 16.
 * @param waitStrategy How a poll loop waits for messages.
 * @param drainTimeout How long the application waits, when it stops, for subscribers to take what was published. Zero for not
 *     at all.
 * @param peersRequired Whether the application's health is out of service while a subscription has no publisher or a peer is
 *     stale. By default it is up, and tells what is missing.
 * @param publications Publications to register as beans, by the name of the bean.
 * @param subscriptions Subscriptions to register as beans, by the name of the bean.
 */
@ConfigurationProperties(prefix = IpcProperties.PREFIX, ignoreUnknownFields = false)
public record IpcProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean optional,
        @Nullable Path directory,
        @Nullable String name,
        @DefaultValue("true") boolean controlPlane,
        @DefaultValue("500ms") Duration heartbeat,
        @DefaultValue("2s") Duration staleAfter,
        @DefaultValue("1") int pollThreads,
        @DefaultValue("adaptive") Waiting waitStrategy,
        @DefaultValue("5s") Duration drainTimeout,
        @DefaultValue("false") boolean peersRequired,
        @DefaultValue Map<String, Publication> publications,
        @DefaultValue Map<String, Subscription> subscriptions) {
    static final String PREFIX = "reactive-ipc";

    /**
     * A publication to open.
     *
     * @param stream Name of the stream. By default the name of the bean.
     * @param codec Type of the values: byte[] or String.
     * @param capacity Size of the ring, a power of two from 64KB to 1GB.
     * @param maxMessageLength Size of the longest message, at most and by default an eighth of the capacity.
     * @param maxSubscribers Number of subscribers at a time, from 1 to 64.
     * @param timestamps Whether each message carries the publisher's clock.
     * @param overflow What happens when the slowest subscriber leaves no room.
     * @param patience How long the overflow evict-slow waits for a subscriber. Zero with the others.
     * @param history Number of the newest messages that are kept for subscribers that come later.
     * @param publishPolicy When messages are accepted at all.
     * @param interval Shortest time between two messages with the publish policy at-most-every. Zero with the others.
     */
    public record Publication(
            @Nullable String stream,
            @DefaultValue("bytes") Encoding codec,
            @DefaultValue("4MB") DataSize capacity,
            @Nullable DataSize maxMessageLength,
            @DefaultValue("64") int maxSubscribers,
            @DefaultValue("false") boolean timestamps,
            @DefaultValue("wait") Overflow.Kind overflow,
            @DefaultValue("0s") Duration patience,
            @DefaultValue("1") int history,
            @DefaultValue("always") PublishPolicy.Kind publishPolicy,
            @DefaultValue("0s") Duration interval) {}

    /**
     * A subscription to open.
     *
     * @param stream Name of the stream. By default the name of the bean.
     * @param codec Type of the values: byte[] or String.
     * @param capacity Size that the ring must have. By default the publisher's.
     * @param start Where to begin in the publications that there are.
     * @param last How many messages the start last goes back. Zero with the others.
     * @param gap What to do after messages were overwritten.
     * @param delivery Which messages to get.
     * @param maxLeases Number of views without a copy that may be out at a time, from 0 to 65536.
     * @param awaitSuccessor Whether to wait for another publisher when one dies, instead of an error.
     */
    public record Subscription(
            @Nullable String stream,
            @DefaultValue("bytes") Encoding codec,
            @Nullable DataSize capacity,
            @DefaultValue("next") Start.Kind start,
            @DefaultValue("0") int last,
            @DefaultValue("error") Gap gap,
            @DefaultValue("broadcast") Delivery delivery,
            @DefaultValue("256") int maxLeases,
            @DefaultValue("false") boolean awaitSuccessor) {}

    /** The codecs that a property can name. */
    public enum Encoding {
        /** Byte arrays as they are. */
        BYTES(byte[].class, Codec.bytes()),
        /** Strings. */
        UTF8(String.class, Codec.utf8());

        private final Class<?> type;
        private final Codec<?> codec;

        Encoding(Class<?> type, Codec<?> codec) {
            this.type = type;
            this.codec = codec;
        }

        Class<?> type() {
            return type;
        }

        Codec<?> codec() {
            return codec;
        }
    }

    /** How a poll loop waits. */
    public enum Waiting {
        /** Spins briefly, yields, then sleeps. */
        ADAPTIVE(WaitStrategy.adaptive()),
        /** Spins: the shortest latency, and a whole processor. */
        BUSY_SPIN(WaitStrategy.busySpin()),
        /** Sleeps at once: the least processor time. */
        BLOCKING(WaitStrategy.blocking());

        private final WaitStrategy strategy;

        Waiting(WaitStrategy strategy) {
            this.strategy = strategy;
        }

        WaitStrategy strategy() {
            return strategy;
        }
    }
}
