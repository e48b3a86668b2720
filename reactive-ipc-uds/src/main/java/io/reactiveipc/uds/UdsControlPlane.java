package io.reactiveipc.uds;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.uds.session.Limits;
import io.reactiveipc.uds.session.Link;
import io.reactiveipc.uds.session.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;
import reactor.util.Logger;
import reactor.util.Loggers;

/** The sockets of one node. All of it runs on one event loop, timers too; events are told on a scheduler. */
final class UdsControlPlane implements ControlPlane {
    private static final Logger LOG = Loggers.getLogger(UdsControlPlane.class);

    /** How long peers may take to read a goodbye. Longer than any that runs needs; one that is stopped is not waited for. */
    private static final long GOODBYE_MILLIS = 500;

    private static final int CONNECT_MILLIS = 5_000;

    /** How long a node cannot be found, at most, when somebody has removed its socket. */
    private static final long LOOK_MILLIS = 5_000;

    private final ControlPlaneHost host;
    private final Transport transport;
    private final ControlLoop resources;
    private final EventLoop loop;
    private final Path socket;
    private final Scheduler scheduler;
    private final Peers peers;
    private final TcpClient client;
    private final Set<Channel> open = new HashSet<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private @Nullable DisposableServer server;
    private volatile @Nullable Object owner;
    private boolean missing;
    private boolean left;
    private boolean disposing;

    private UdsControlPlane(ControlPlaneHost host, Transport transport, Limits limits, Path socket) {
        this.host = host;
        this.transport = transport;
        this.socket = socket;
        this.resources =
                new ControlLoop(transport, "reactive-ipc-" + host.self().name() + "-control");
        this.loop = resources.loop();
        Scheduler given = host.scheduler();
        // By default on the loop: a timer elsewhere would wake two threads.
        Scheduler clock = given != null ? given : Schedulers.fromExecutorService(loop);
        this.scheduler = given != null ? given : Schedulers.parallel();
        this.peers = new Peers(host, clock, loop, this::dial, limits);
        this.client = TcpClient.newConnection()
                .runOn(resources, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.AUTO_CLOSE, false);
    }

    static ControlPlane open(ControlPlaneHost host, Transport transport, Limits limits) {
        Path socket = SocketFile.prepare(host.socketDirectory(), host.self().node());
        UdsControlPlane plane = new UdsControlPlane(host, transport, limits, socket);
        try {
            plane.listen();
            return plane;
        } catch (Exception e) {
            plane.resources.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).subscribe();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "cannot listen on " + socket + " (" + transport.name() + "): " + cause
                            + "; the directory must be writable for this user and on a local file system",
                    cause);
        }
    }

    private void listen() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        server = bind().toFuture().get(CONNECT_MILLIS, TimeUnit.MILLISECONDS);
        owner = transport.ownerOf(socket);
        loop.schedule(this::lookForSocket, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Mono<? extends DisposableServer> bind() {
        return TcpServer.create()
                .runOn(resources, true)
                .bindAddress(() -> transport.address(socket))
                // A failed write must not throw away what the peer has said before it went.
                .childOption(ChannelOption.AUTO_CLOSE, false)
                .handle((in, out) -> serve(in, peers.accept()))
                .bind();
    }

    /** Who clears up a temporary directory, or more than that, removes the name and nothing else: nobody tells the listener. */
    private void lookForSocket() {
        if (left) {
            return;
        }
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            missing = false;
        } else {
            if (!missing) {
                LOG.warn("{} was removed; it is made anew, so that peers that come find this node", socket);
            }
            missing = true;
            listenAgain();
        }
        loop.schedule(this::lookForSocket, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void listenAgain() {
        DisposableServer deaf = server;
        if (deaf == null) {
            return; // still at it
        }
        server = null;
        deaf.dispose();
        // Only then: its end removes whatever has the name.
        deaf.onDispose()
                .onErrorComplete()
                .then(Mono.fromCallable(() ->
                        SocketFile.prepare(host.socketDirectory(), host.self().node())))
                .then(Mono.defer(this::bind))
                .subscribe(
                        listening -> onLoop(() -> {
                            server = listening;
                            if (left) {
                                listening.dispose();
                            }
                        }),
                        error -> onLoop(() -> {
                            server = deaf;
                            LOG.debug("cannot listen on {} again: {}", socket, error.toString());
                        }));
    }

    private void dial(UUID node, Link link) {
        client.remoteAddress(() -> transport.address(SocketFile.of(socket.getParent(), node)))
                .handle((in, out) -> serve(in, link))
                .connect()
                .subscribe(connection -> {}, error -> {
                    LOG.debug("cannot connect to node {}: {}", node, error.toString());
                    onLoop(link::closed);
                });
    }

    /** One connection from its first to its last byte, on the event loop. */
    private Mono<Void> serve(NettyInbound inbound, Link link) {
        Channel[] channel = new Channel[1];
        inbound.withConnection(connection -> channel[0] = connection.channel());
        open.add(channel[0]);
        channel[0].closeFuture().addListener(ended -> {
            open.remove(channel[0]);
            link.closed();
            closedIfLast();
        });
        link.opened(new NettyWire(channel[0], link, foreignOwner(channel[0])));
        return inbound.receive().doOnNext(link::received).then().onErrorComplete(IOException.class);
    }

    private @Nullable String foreignOwner(Channel channel) {
        Object peer = transport.peerOwner(channel);
        Object self = owner;
        try {
            if (self == null) {
                // Somebody was quicker than bind()'s caller.
                self = transport.ownerOf(socket);
            }
        } catch (IOException e) {
            return "cannot find out to whom " + socket + " belongs: " + e + "; has it been removed?";
        }
        if (self.equals(peer)) {
            return null;
        }
        return "it belongs to user " + peer + ", this node to user " + self + "; run both as one user";
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    @Override
    public Flux<PeerEvent> events() {
        // Off the event loop, so that a subscriber who blocks does not make this node look dead; one at a time, so that
        // what
        // waits for a slow one waits where heartbeats are conflated.
        return peers.events().publishOn(scheduler, false, 1);
    }

    @Override
    public void connect(UUID node) {
        peers.connect(node);
    }

    @Override
    public void readiness(String stream, boolean ready, String reason) {
        peers.readiness(stream, ready, reason);
    }

    @Override
    public void wake(UUID node) {
        peers.wake(node);
    }

    @Override
    public Disposable startHeartbeat(Duration interval) {
        return peers.startHeartbeat(interval);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            if (closing.compareAndSet(false, true)) {
                loop.execute(this::leave);
            }
            return closed.asMono();
        });
    }

    private void leave() {
        if (server != null) {
            server.dispose();
        }
        peers.leave("closed");
        left = true;
        // The peers close: if this end did, their next write could throw away the goodbye they have not read.
        loop.schedule(() -> List.copyOf(open).forEach(Channel::close), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        closedIfLast();
    }

    private void closedIfLast() {
        if (left && !disposing && open.isEmpty()) {
            disposing = true;
            removeSocket();
            resources
                    .disposeLater(Duration.ZERO, Duration.ofSeconds(1))
                    .subscribe(null, null, () -> closed.tryEmitEmpty());
        }
    }

    private void removeSocket() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}; nobody will use it again", socket, e.toString());
        }
    }
}
