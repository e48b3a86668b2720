package io.reactiveipc.benchmarks.peer;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.WaitStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** This library, through its public API: {@code send(Flux)} and {@code tryEmit} to {@code receive(mapper)} or {@code receive()}. */
final class ReactiveIpcPeer implements Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final String description;
    private final Kind kind;

    /** What one is to see the effect of. */
    private enum Kind {
        MAPPING,
        DECODING,
        NO_EXPORT,
        NO_HEARTBEAT
    }

    private ReactiveIpcPeer(String name, String description, Kind kind) {
        this.name = name;
        this.description = description;
        this.kind = kind;
    }

    static Peer mapping() {
        return new ReactiveIpcPeer(
                "reactive-ipc", "reactive-ipc, send(Flux) or tryEmit to receive(mapper)", Kind.MAPPING);
    }

    static Peer decoding() {
        return new ReactiveIpcPeer(
                "reactive-ipc-record",
                "reactive-ipc, send(Flux) or tryEmit to receive() with a codec that makes a record of each message",
                Kind.DECODING);
    }

    static Peer withoutExport() {
        return new ReactiveIpcPeer(
                "reactive-ipc-no-flag",
                "reactive-ipc, as the first, on a JVM without --add-exports java.base/jdk.internal.misc and as without"
                        + " --enable-native-access",
                Kind.NO_EXPORT);
    }

    static Peer withoutHeartbeat() {
        return new ReactiveIpcPeer(
                "reactive-ipc-no-heartbeat", "reactive-ipc, as the first, with heartbeats off", Kind.NO_HEARTBEAT);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    /** No more than users have who read the README: its views check each access. */
    @Override
    public List<String> jvmFlags() {
        return kind == Kind.NO_EXPORT ? List.of("-Dreactive.ipc.copy=jdk") : List.of(AGRONA_EXPORT);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean hasStreams() {
        return true;
    }

    @Override
    public boolean isOnlySilent() {
        return kind == Kind.NO_HEARTBEAT;
    }

    @Override
    public Endpoint open(Setup setup) {
        return kind == Kind.DECODING ? new Decoding(setup) : new Mapping(setup, kind == Kind.NO_HEARTBEAT);
    }

    /** Encodes payloads where they go; makes nothing of them on the way back. */
    private record PayloadCodec() implements Codec<Payload> {
        @Override
        public String typeId() {
            return "payload";
        }

        @Override
        public int encodedLength(Payload payload) {
            return payload.length();
        }

        @Override
        public int encode(Payload payload, MutableDirectBuffer buffer) {
            payload.writeTo(buffer, 0);
            return payload.length();
        }

        @Override
        public Payload decode(DirectBuffer buffer, int length) {
            throw new UnsupportedOperationException("payloads are mapped in place");
        }
    }

    private abstract static class Streams implements Endpoint {
        private static final int SILENT_CAPACITY = 64 * 1024;

        private final Setup setup;
        private final IpcNode node;
        private final IdleStrategy sendIdle;
        private final List<IpcSubscription<byte[]>> silent = new ArrayList<>();
        private final @Nullable IpcPublication<Payload> publication;

        Streams(Setup setup, boolean mute) {
            this.setup = setup;
            IpcNode.Builder builder = IpcNode.builder()
                    .directory(setup.directory())
                    .waitStrategy(
                            switch (setup.waiting()) {
                                case SPIN -> WaitStrategy.busySpin();
                                case YIELD -> (passes, sleeper) -> Thread.yield();
                                case DEFAULT -> WaitStrategy.adaptive();
                            });
            node = (mute ? builder.heartbeat(Duration.ZERO) : builder).build();
            sendIdle = setup.waiting().idleStrategy();
            openSilentStreams();
            publication = setup.sends()
                    ? node.publish(StreamSpec.of(setup.outgoing(), new PayloadCodec())
                                    .capacity(setup.capacity()))
                            .block(PATIENCE)
                    : null;
        }

        private void openSilentStreams() {
            for (int i = 0; i < setup.silentStreams(); i++) {
                StreamSpec<byte[]> spec =
                        StreamSpec.of("silent-" + i, Codec.bytes()).capacity(SILENT_CAPACITY);
                if (setup.sender()) {
                    node.publish(spec).block(PATIENCE);
                } else {
                    IpcSubscription<byte[]> subscription = node.subscribe(spec).block(PATIENCE);
                    subscription.messages().subscribe();
                    silent.add(subscription);
                }
            }
        }

        <T> IpcSubscription<T> subscription(Codec<T> codec) {
            return node.subscribe(StreamSpec.of(setup.incoming(), codec)).block(PATIENCE);
        }

        IpcPublication<Payload> publication() {
            if (publication == null) {
                throw new IllegalStateException("this end only receives");
            }
            return publication;
        }

        void join(@Nullable IpcSubscription<?> subscription) {
            silent.forEach(other -> awaitPublications(other, 1));
            if (publication != null) {
                publication
                        .awaitSubscribers(setup.sender() ? setup.receivers() : 1)
                        .block(PATIENCE);
            }
            if (subscription != null) {
                awaitPublications(subscription, setup.sender() ? 1 : setup.senders());
            }
        }

        private static void awaitPublications(IpcSubscription<?> subscription, int count) {
            while (subscription.publicationCount() < count) {
                Thread.yield();
            }
        }

        @Override
        public void send(Payload payload) {
            while (publication().tryEmit(payload).isFailure()) {
                sendIdle.idle();
            }
            sendIdle.reset();
        }

        @Override
        public void sendAll(Payload payload, long first, int count) {
            publication().send(Flux.fromIterable(payload.run(first, count))).block();
        }

        @Override
        public void drive(Stop stop) {
            stop.await();
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private static final class Mapping extends Streams {
        private final @Nullable IpcSubscription<Payload> subscription;

        Mapping(Setup setup, boolean mute) {
            super(setup, mute);
            subscription = setup.hears() ? subscription(new PayloadCodec()) : null;
        }

        @Override
        public void listen(Listener listener) {
            if (subscription != null) {
                subscription
                        .receive(message -> {
                            listener.onMessage(message.buffer(), 0, message.length());
                            return Boolean.TRUE;
                        })
                        .subscribe(handled -> {}, Failures::fail);
            }
        }

        @Override
        public void join() {
            join(subscription);
        }
    }

    private static final class Decoding extends Streams {
        private final @Nullable IpcSubscription<Sample> subscription;

        Decoding(Setup setup) {
            super(setup, false);
            subscription = setup.hears() ? subscription(new Sample.Decoder()) : null;
        }

        @Override
        public void listen(Listener listener) {
            if (subscription != null) {
                subscription.receive().subscribe(listener::onSample, Failures::fail);
            }
        }

        @Override
        public void join() {
            join(subscription);
        }
    }
}
