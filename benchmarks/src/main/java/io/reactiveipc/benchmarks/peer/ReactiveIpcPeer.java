package io.reactiveipc.benchmarks.peer;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.WaitStrategy;
import java.time.Duration;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** This library, through its public API: {@code send(Flux)} and {@code tryEmit} to {@code receive(mapper)} or {@code receive()}. */
final class ReactiveIpcPeer implements Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final String description;
    private final boolean decodes;
    private final boolean exported;

    private ReactiveIpcPeer(String name, String description, boolean decodes, boolean exported) {
        this.name = name;
        this.description = description;
        this.decodes = decodes;
        this.exported = exported;
    }

    static Peer mapping() {
        return new ReactiveIpcPeer(
                "reactive-ipc", "reactive-ipc, send(Flux) or tryEmit to receive(mapper)", false, true);
    }

    static Peer decoding() {
        return new ReactiveIpcPeer(
                "reactive-ipc-record",
                "reactive-ipc, send(Flux) or tryEmit to receive() with a codec that makes a record of each message",
                true,
                true);
    }

    static Peer withoutExport() {
        return new ReactiveIpcPeer(
                "reactive-ipc-no-flag",
                "reactive-ipc, as the first, on a JVM without --add-exports java.base/jdk.internal.misc",
                false,
                false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<String> jvmFlags() {
        return exported ? Peer.super.jvmFlags() : List.of();
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
    public Endpoint open(Setup setup) {
        return decodes ? new Decoding(setup) : new Mapping(setup);
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
        private final Disposable.Composite silent = Disposables.composite();
        private final @Nullable IpcPublication<Payload> publication;

        Streams(Setup setup) {
            this.setup = setup;
            node = IpcNode.builder()
                    .directory(setup.directory())
                    .waitStrategy(
                            switch (setup.waiting()) {
                                case SPIN -> WaitStrategy.busySpin();
                                case YIELD -> (passes, sleeper) -> Thread.yield();
                                case DEFAULT -> WaitStrategy.adaptive();
                            })
                    .build();
            sendIdle = setup.waiting().idleStrategy();
            for (int i = 0; i < setup.silentStreams(); i++) {
                StreamSpec<byte[]> spec =
                        StreamSpec.of("silent-" + i, Codec.bytes()).capacity(SILENT_CAPACITY);
                silent.add(
                        setup.sender()
                                ? node.publish(spec).block(PATIENCE)
                                : node.subscribe(spec)
                                        .flatMapMany(IpcSubscription::messages)
                                        .subscribe());
            }
            publication = setup.sends()
                    ? node.publish(StreamSpec.of(setup.outgoing(), new PayloadCodec())
                                    .capacity(setup.capacity()))
                            .block(PATIENCE)
                    : null;
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
            if (publication != null) {
                publication
                        .awaitSubscribers(setup.sender() ? setup.receivers() : 1)
                        .block(PATIENCE);
            }
            while (subscription != null && subscription.publicationCount() < (setup.sender() ? 1 : setup.senders())) {
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
            silent.dispose();
            node.close();
        }
    }

    private static final class Mapping extends Streams {
        private final @Nullable IpcSubscription<Payload> subscription;

        Mapping(Setup setup) {
            super(setup);
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
            super(setup);
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
