package io.reactiveipc;

import io.reactiveipc.internal.node.PeerLink;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.internal.receive.RingSubscription;
import io.reactiveipc.internal.send.RingPublication;
import io.reactiveipc.internal.signal.NodeSignals;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.spi.WaitStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * One process's part in the streams of a directory: create one, keep it as long as the process shares streams, close it.
 * All processes that are to see each other use the same directory, which is private to one user.
 *
 * <pre>{@code
 * try (IpcNode node = IpcNode.create()) {
 *     IpcPublication<String> lines = node.publish(StreamSpec.of("lines", Codec.utf8())).block();
 *     lines.awaitSubscribers(1).then(lines.send(Flux.just("hello", "world"))).then(lines.complete()).block();
 * }
 *
 * // in another process
 * node.subscribe(StreamSpec.of("lines", Codec.utf8())).flatMapMany(IpcSubscription::receive).subscribe(System.out::println);
 * }</pre>
 *
 * <p>Any thread may call any method.
 */
public final class IpcNode implements Disposable, AutoCloseable {
    private static final Logger LOG = Loggers.getLogger(IpcNode.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration GOODBYE_TIMEOUT = Duration.ofSeconds(2);

    private final String name;
    private final DataPlane dataPlane;
    private final PollLoop[] loops;
    private final PeerLink peers;
    private final NodeSignals signals;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Set<Disposable> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private IpcNode(
            String name,
            DataPlane dataPlane,
            WaitStrategy waitStrategy,
            int pollThreads,
            @Nullable ControlPlaneProvider controlPlane,
            PeerLink.Options peerOptions) {
        this.name = name;
        this.dataPlane = dataPlane;
        this.loops = new PollLoop[pollThreads];
        for (int i = 0; i < pollThreads; i++) {
            loops[i] = new PollLoop("reactive-ipc-" + name + "-poll-" + i, i, waitStrategy, dataPlane::openDoorbell);
            loops[i].start();
        }
        try {
            this.peers = new PeerLink(dataPlane, controlPlane, peerOptions, this::wakeLoops, readings());
        } catch (RuntimeException e) {
            stopLoops();
            dataPlane.close();
            throw e;
        }
        this.signals = new NodeSignals(name, dataPlane, this::loop);
        streams.add(signals);
    }

    private PeerLink.Readings readings() {
        return new PeerLink.Readings() {
            @Override
            public long lagBehind(UUID node) {
                return subscriptions().mapToLong(s -> s.lagBehind(node)).sum();
            }

            @Override
            public double ringFill(UUID node) {
                return subscriptions().mapToDouble(s -> s.ringFill(node)).max().orElse(0);
            }

            @Override
            public boolean lookForPauses() {
                return subscriptions().filter(RingSubscription::lookForPause).count() > 0; // asks each of them
            }
        };
    }

    private Stream<RingSubscription<?>> subscriptions() {
        return streams.stream().filter(RingSubscription.class::isInstance).map(s -> (RingSubscription<?>) s);
    }

    private void wakeLoops() {
        for (PollLoop loop : loops) {
            loop.wake();
        }
    }

    private void stopLoops() {
        for (PollLoop loop : loops) {
            loop.stop();
        }
    }

    /**
     * A node in the default directory with the default options.
     *
     * @throws IpcException as {@link Builder#build()}
     */
    public static IpcNode create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens a publication on subscription of the Mono. Several publications of one stream, in one process or many, are merged
     * by its subscribers.
     *
     * @return errors with {@link IpcException}: {@link ErrorCode#INCOMPATIBLE_STREAM} where the stream exists with another
     *     type or capacity, {@link ErrorCode#STORAGE} where the ring finds no room, {@link ErrorCode#CLOSED} on a closed node;
     *     {@link IllegalArgumentException} where choices of the spec do not go together
     */
    public <T> Mono<IpcPublication<T>> publish(StreamSpec<T> spec) {
        Objects.requireNonNull(spec, "spec");
        return open(() -> {
            spec.definition().checkPublishing();
            return new RingPublication<>(spec, dataPlane.publish(spec.definition()), loop(), peers, streams::remove);
        });
    }

    /**
     * Opens a subscription on subscription of the Mono, whether or not there is a publication yet.
     *
     * @return errors with {@link IpcException}: {@link ErrorCode#INCOMPATIBLE_STREAM} where the stream exists with another
     *     type or capacity, {@link ErrorCode#CLOSED} on a closed node; {@link IllegalArgumentException} where choices of the
     *     spec do not go together
     */
    public <T> Mono<IpcSubscription<T>> subscribe(StreamSpec<T> spec) {
        Objects.requireNonNull(spec, "spec");
        return open(() -> {
            spec.definition().checkReading();
            return RingSubscription.open(spec, dataPlane, loop(), peers, streams::remove);
        });
    }

    /**
     * Signals a name, without payload: wakes everybody who listens to {@link #signals} of it, in whatever process. Counted
     * once for each subscription of the Mono, in shared memory: it completes when counted, whether somebody listens or not.
     * Never blocks; the first use of a name opens a file, on another thread, and the node keeps that open until it closes, so
     * let names be few.
     *
     * @param name as a stream's; streams and signals do not share names
     * @return errors with {@link IpcException}: {@link ErrorCode#STORAGE} where the counter finds no room, {@link
     *     ErrorCode#CLOSED} on a closed node
     * @throws IllegalArgumentException if the name is not 1 to 255 bytes, or has separators or control characters
     */
    public Mono<Void> signal(String name) {
        return signals.signal(name);
    }

    /**
     * The signals of a name, from {@code onSubscribe} on, which may come from another thread. A subscriber that is slow, or has
     * no demand, gets one {@link Signal} with the count of all it missed: counts are exact, and their sum is the total. At most
     * 64 subscribers at a time listen to one name, in all processes together; {@code share()} makes several one. Runs on the
     * node's poll loop.
     *
     * @param name as a stream's; need not have been signalled ever
     * @return never completes; errors with {@link IpcException}: {@link ErrorCode#TOO_MANY_SUBSCRIBERS}, {@link
     *     ErrorCode#STORAGE} where the counter finds no room, {@link ErrorCode#CLOSED} when the node is closed
     * @throws IllegalArgumentException as {@link #signal}
     */
    public Flux<Signal> signals(String name) {
        return signals.signals(name);
    }

    /** Files are opened where blocking is allowed; what was opened for somebody who has gone is closed again. */
    private <S extends Disposable> Mono<S> open(Callable<? extends S> opening) {
        return Mono.<S>create(sink -> {
                    S stream;
                    try {
                        if (closing.get()) {
                            throw closedHere();
                        }
                        stream = opening.call();
                    } catch (Throwable e) { // a class that cannot be loaded without a free file descriptor, too
                        sink.error(e);
                        return;
                    }
                    streams.add(stream);
                    if (closing.get()) {
                        stream.dispose();
                        sink.error(closedHere());
                    } else {
                        sink.success(stream);
                    }
                })
                .doOnDiscard(Disposable.class, Disposable::dispose)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private PollLoop loop() {
        return loops[Math.floorMod(nextLoop.getAndIncrement(), loops.length)];
    }

    private IpcException closedHere() {
        return new IpcException(ErrorCode.CLOSED, "node \"" + name + "\" is closed; create another one");
    }

    /** What the node calls itself in thread names and diagnostics. */
    public String name() {
        return name;
    }

    /**
     * Where the rings are: the real path of what {@link Builder#directory} or its default named. Nodes see each other if theirs
     * is the same directory.
     */
    public Path directory() {
        return dataPlane.directory();
    }

    /**
     * Completes all publications, ends all subscriptions and listening to signals with {@link ErrorCode#CLOSED}, stops the threads and removes the
     * node's files, and those of nodes that have died. Subscribers elsewhere still get everything that was written. Blocks for
     * some milliseconds; idempotent.
     *
     * <p>When this returns, nothing is left of any node whose death the kernel knew of at the call, which is to say of any that
     * {@link #events()} called crashed: but for what another process is clearing away at that very moment.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            streams.forEach(Disposable::dispose);
            stopLoops();
            closeControlPlane();
            dataPlane.close();
            closed.tryEmitEmpty();
        }
    }

    /** Peers are to hear the goodbye while the liveness lock is still held; one that does not listen holds nobody up. */
    private void closeControlPlane() {
        CountDownLatch done = new CountDownLatch(1);
        peers.close()
                .doOnError(e -> LOG.warn("node {}: the control plane did not close in order", name, e))
                .onErrorComplete()
                .subscribe(null, null, done::countDown);
        try {
            if (!done.await(GOODBYE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                // Said it has, most likely: on a busy machine the answers are late.
                LOG.info(
                        "node {}: closed without waiting longer than {} ms for its control plane; a peer that was not told"
                                + " goodbye by then takes this for a crash",
                        name,
                        GOODBYE_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What happens to the nodes that share a stream with this one: first what holds now, then each change.
     *
     * @return errors with {@link ErrorCode#NO_TRANSPORT} on a node without a control plane
     */
    public Flux<PeerEvent> events() {
        return peers.events();
    }

    /**
     * Sends heartbeats at an interval of its own, besides {@link Builder#heartbeat}, until the handle is disposed of, which
     * takes effect at once. The shortest interval that is asked for counts.
     *
     * @throws IllegalArgumentException if the interval is not positive
     * @throws IpcException with {@link ErrorCode#NO_TRANSPORT} on a node without a control plane
     */
    public Disposable startHeartbeat(Duration interval) {
        return peers.startHeartbeat(interval);
    }

    /** {@link #close()} on another thread; {@link #onDispose()} tells when it is done. */
    @Override
    public void dispose() {
        Schedulers.boundedElastic().schedule(this::close);
    }

    @Override
    public boolean isDisposed() {
        return closing.get();
    }

    /** Completes when the node is closed. */
    public Mono<Void> onDispose() {
        return closed.asMono();
    }

    @Override
    public String toString() {
        return "IpcNode(" + name + ")";
    }

    /** Options of a node. Each has a default; {@link #build()} checks them. */
    public static final class Builder {
        private String name = "node-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        private @Nullable Path directory;
        private WaitStrategy waitStrategy = WaitStrategy.adaptive();
        private int pollThreads = 1;
        private @Nullable DataPlaneProvider dataPlane;
        private @Nullable ControlPlaneProvider controlPlane;
        private boolean withoutControlPlane;
        private Duration heartbeat = Duration.ofMillis(500);
        private Duration staleAfter = Duration.ofSeconds(2);
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** How the node calls itself in thread names and diagnostics; by default by its process id. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Where the rings are: a directory in memory, on the same machine for all, readable by one user only. Created if its
         * parent exists. By default the system property {@code reactive.ipc.directory}, else the environment variable {@code
         * REACTIVE_IPC_DIRECTORY}, else {@code /dev/shm/reactive-ipc-<uid>}, else one in the temporary directory.
         */
        public Builder directory(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /** How the poll loop waits for messages; {@link WaitStrategy#adaptive()} by default. */
        public Builder waitStrategy(WaitStrategy waitStrategy) {
            this.waitStrategy = Objects.requireNonNull(waitStrategy, "waitStrategy");
            return this;
        }

        /** How many poll loops share the node's streams: 1 to 16, 1 by default. */
        public Builder pollThreads(int count) {
            this.pollThreads = count;
            return this;
        }

        /** The transport, where the class path holds none or several. */
        public Builder dataPlane(DataPlaneProvider provider) {
            this.dataPlane = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** What tells of peers, where the class path holds none or several. */
        public Builder controlPlane(ControlPlaneProvider provider) {
            this.controlPlane = Objects.requireNonNull(provider, "provider");
            this.withoutControlPlane = false;
            return this;
        }

        /**
         * No control plane, whatever the class path holds: no socket is opened, and {@link IpcNode#events()} errors with {@link
         * ErrorCode#NO_TRANSPORT}. Streams and signals work all the same; deaths of peers are noticed within seconds.
         */
        public Builder withoutControlPlane() {
            this.controlPlane = null;
            this.withoutControlPlane = true;
            return this;
        }

        /**
         * How often peers are asked for a sign of life: 500 ms by default, zero for never. A peer that asks more often is
         * asked more often too, along with the answers, but no sooner than half this time after the last question.
         */
        public Builder heartbeat(Duration interval) {
            this.heartbeat = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /** After how long a silence a peer is stale: 2 s by default. */
        public Builder staleAfter(Duration silence) {
            this.staleAfter = Objects.requireNonNull(silence, "silence");
            return this;
        }

        /**
         * Clock and timers of the control plane, and where its events are told. For tests in virtual time; by default the plane
         * runs its timers on a thread of its own, and tells events on {@link Schedulers#parallel()}.
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * @throws IllegalArgumentException for an option out of range
         * @throws IpcException {@link ErrorCode#DIRECTORY} where the directory is missing, not ours, not private or not
         *     writable, {@link ErrorCode#NO_TRANSPORT} where no transport is on the class path
         */
        public IpcNode build() {
            if (pollThreads < 1 || pollThreads > PollLoop.MAX_LOOPS) {
                throw new IllegalArgumentException(
                        "pollThreads must be 1 to " + PollLoop.MAX_LOOPS + ": " + pollThreads);
            }
            if (name.isBlank()) {
                throw new IllegalArgumentException("name must not be blank: \"" + name + "\"");
            }
            if (heartbeat.isNegative()) {
                throw new IllegalArgumentException("heartbeat must be zero (off) or positive: " + heartbeat);
            }
            if (staleAfter.compareTo(heartbeat) <= 0 && !heartbeat.isZero()) {
                throw new IllegalArgumentException(
                        "staleAfter must be longer than the heartbeat of " + heartbeat + ": " + staleAfter);
            }
            DataPlaneProvider data = dataPlane != null ? dataPlane : only(DataPlaneProvider.class);
            if (data == null) {
                throw new IpcException(
                        ErrorCode.NO_TRANSPORT,
                        "no data plane on the class path; add io.reactiveipc:reactive-ipc-shm, or name one with dataPlane(…)");
            }
            ControlPlaneProvider control =
                    controlPlane != null || withoutControlPlane ? controlPlane : only(ControlPlaneProvider.class);
            PeerLink.Options options = new PeerLink.Options(heartbeat, staleAfter, scheduler);
            DataPlane plane = data.open(new NodeOptions(name, directory, waitStrategy, control != null));
            return new IpcNode(name, plane, waitStrategy, pollThreads, control, options);
        }

        /** The one provider on the class path, or null if there is none. */
        private static <P> @Nullable P only(Class<P> type) {
            Iterator<P> found =
                    ServiceLoader.load(type, IpcNode.class.getClassLoader()).iterator();
            P first = found.hasNext() ? found.next() : null;
            if (found.hasNext()) {
                throw new IpcException(
                        ErrorCode.NO_TRANSPORT,
                        "several " + type.getSimpleName() + "s on the class path: "
                                + first.getClass().getName() + ", "
                                + found.next().getClass().getName() + "; choose one with the builder");
            }
            return first;
        }
    }
}
