package io.reactiveipc.benchmarks.peer;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.DomainSocketAddress;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** RSocket's request-channel over a Unix socket: what offers Flux between processes today. */
final class RSocketPeer implements Peer {
    @Override
    public String name() {
        return "rsocket";
    }

    @Override
    public String description() {
        return "RSocket request-channel over a Unix socket (native epoll), zero-copy decoder";
    }

    @Override
    public Endpoint open(Setup setup) {
        try {
            return new Channel(setup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Channel implements Endpoint {
        private static final Duration PATIENCE = Duration.ofSeconds(30);
        private static final int IN_FLIGHT_BYTES = 4 * 1024 * 1024;

        private final boolean duplex;
        private final int prefetch;
        private final @Nullable CloseableChannel server;
        private final @Nullable RSocket requester;
        private final Sinks.Many<io.rsocket.Payload> singles =
                Sinks.many().unicast().onBackpressureBuffer();
        private final Frames outFrames = new Frames();
        private final Frames inFrames = new Frames();
        private @Nullable Listener listener;

        Channel(Setup setup) throws IOException {
            duplex = setup.duplex();
            prefetch = Math.max(4, Math.min(1024, IN_FLIGHT_BYTES / setup.length()));
            Path path = setup.directory().resolve("rsocket-" + setup.link());
            DomainSocketAddress address = new DomainSocketAddress(path.toFile());
            if (setup.sender()) {
                SocketFiles.await(path);
                server = null;
                requester = RSocketConnector.create()
                        .payloadDecoder(PayloadDecoder.ZERO_COPY)
                        .connect(TcpClientTransport.create(TcpClient.create().remoteAddress(() -> address)))
                        .block(PATIENCE);
            } else {
                requester = null;
                server = RSocketServer.create(SocketAcceptor.forRequestChannel(this::answer))
                        .payloadDecoder(PayloadDecoder.ZERO_COPY)
                        .bind(TcpServerTransport.create(TcpServer.create().bindAddress(() -> address)))
                        .block(PATIENCE);
            }
        }

        private Flux<io.rsocket.Payload> answer(Publisher<io.rsocket.Payload> calls) {
            Flux<io.rsocket.Payload> heard =
                    Flux.from(calls).limitRate(prefetch).doOnNext(this::hear);
            if (duplex) {
                heard.subscribe(heardOne -> {}, Failures::fail);
                return singles.asFlux();
            }
            return heard.ignoreElements().cast(io.rsocket.Payload.class).flux();
        }

        private void hear(io.rsocket.Payload payload) {
            Listener hearing = listener;
            if (hearing != null) {
                inFrames.deliver(payload.sliceData(), hearing);
            }
            payload.release();
        }

        @Override
        public void listen(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void join() {
            if (duplex && requester != null) {
                requester.requestChannel(singles.asFlux()).limitRate(prefetch).subscribe(this::hear, Failures::fail);
            }
        }

        private io.rsocket.Payload payload(Payload payload) {
            return ByteBufPayload.create(outFrames.bare(ByteBufAllocator.DEFAULT, payload));
        }

        @Override
        public void send(Payload payload) {
            singles.emitNext(payload(payload), Sinks.EmitFailureHandler.busyLooping(PATIENCE));
        }

        @Override
        public void sendAll(Payload payload, long first, int count) {
            if (requester != null) {
                requester
                        .requestChannel(
                                Flux.fromIterable(payload.run(first, count)).map(this::payload))
                        .blockLast();
            }
        }

        @Override
        public void drive(Stop stop) {
            stop.await();
        }

        @Override
        public void close() {
            if (requester != null) {
                requester.dispose();
            }
            if (server != null) {
                server.dispose();
            }
        }
    }
}
