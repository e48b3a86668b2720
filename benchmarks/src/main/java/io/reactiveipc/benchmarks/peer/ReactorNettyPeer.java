package io.reactiveipc.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Reactor Netty over a Unix socket, with a length before each message; one-way traffic is sent in batches of 64 KiB. */
final class ReactorNettyPeer implements Peer {
    @Override
    public String name() {
        return "reactor-netty";
    }

    @Override
    public String description() {
        return "Reactor Netty over a Unix socket (native epoll), length-prefixed frames; one way in batches of 64 KiB";
    }

    @Override
    public Endpoint open(Setup setup) {
        try {
            return new Wire(setup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Wire implements Endpoint {
        private static final int BATCH = 64 * 1024;
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final int batchCount;
        private final int frameLength;
        private final @Nullable DisposableServer server;
        private final Sinks.One<Connection> accepted = Sinks.one();
        private final Sinks.Many<ByteBuf> singles = Sinks.many().unicast().onBackpressureBuffer();
        private final Frames outFrames = new Frames();
        private @Nullable Connection connection;
        private @Nullable Listener listener;
        private final boolean duplex;

        Wire(Setup setup) throws IOException {
            duplex = setup.duplex();
            frameLength = Frames.HEADER + setup.length();
            batchCount = Math.max(1, BATCH / frameLength);
            Path path = setup.directory().resolve("netty-" + setup.link());
            DomainSocketAddress address = new DomainSocketAddress(path.toFile());
            if (setup.sender()) {
                server = null;
                SocketFiles.await(path);
                connection = TcpClient.create().remoteAddress(() -> address).connectNow(PATIENCE);
            } else {
                server = TcpServer.create()
                        .bindAddress(() -> address)
                        .doOnConnection(accepted::tryEmitValue)
                        .bindNow(PATIENCE);
            }
        }

        @Override
        public void listen(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void join() {
            Connection joined =
                    connection != null ? connection : accepted.asMono().block(PATIENCE);
            connection = joined;
            Listener hearing = listener;
            if (hearing != null) {
                Frames inFrames = new Frames();
                joined.addHandlerLast(
                        "frames", new LengthFieldBasedFrameDecoder(Integer.MAX_VALUE, 0, 4, 4, Frames.HEADER));
                joined.inbound().receive().subscribe(frame -> inFrames.deliver(frame, hearing), Failures::fail);
            }
            if (duplex) {
                joined.outbound().send(singles.asFlux(), frame -> true).then().subscribe(nothing -> {}, Failures::fail);
            }
        }

        @Override
        public void send(Payload payload) {
            // The answer may come, and be answered, on another thread while the first call is still being emitted here.
            singles.emitNext(
                    outFrames.framed(ByteBufAllocator.DEFAULT, payload),
                    Sinks.EmitFailureHandler.busyLooping(PATIENCE));
        }

        @Override
        public void sendAll(Payload payload, long first, int count) {
            int batches = (count + batchCount - 1) / batchCount;
            Flux<ByteBuf> source = Flux.range(0, batches).map(batch -> {
                int from = batch * batchCount;
                int to = Math.min(count, from + batchCount);
                ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer((to - from) * frameLength);
                for (int i = from; i < to; i++) {
                    outFrames.add(buffer, payload.of(first + i));
                }
                return buffer;
            });
            if (connection != null) {
                Mono.from(connection.outbound().send(source)).block();
            }
        }

        @Override
        public void drive(Stop stop) {
            stop.await();
        }

        @Override
        public void close() {
            if (connection != null) {
                connection.disposeNow(PATIENCE);
            }
            if (server != null) {
                server.disposeNow(PATIENCE);
            }
        }
    }
}
