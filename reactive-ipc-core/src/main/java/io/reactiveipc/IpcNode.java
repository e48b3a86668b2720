package io.reactiveipc;

import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.internal.receive.RingSubscription;
import io.reactiveipc.internal.send.RingPublication;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.spi.WaitStrategy;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

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
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final DataPlane dataPlane;
    private final PollLoop[] loops;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Set<Disposable> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private IpcNode(String name, DataPlane dataPlane, WaitStrategy waitStrategy, int pollThreads) {
        this.name = name;
        this.dataPlane = dataPlane;
        this.loops = new PollLoop[pollThreads];
        for (int i = 0; i < pollThreads; i++) {
            loops[i] = new PollLoop("reactive-ipc-" + name + "-poll-" + i, i, waitStrategy, dataPlane::openDoorbell);
            loops[i].start();
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
     *     type or capacity, {@link ErrorCode#STORAGE} where the ring finds no room, {@link ErrorCode#CLOSED} on a closed node
     */
    public <T> Mono<IpcPublication<T>> publish(StreamSpec<T> spec) {
        Objects.requireNonNull(spec, "spec");
        return open(() -> new RingPublication<>(spec, dataPlane.publish(spec.definition()), loop(), streams::remove));
    }

    /**
     * Opens a subscription on subscription of the Mono, whether or not there is a publication yet.
     *
     * @return errors with {@link IpcException}: {@link ErrorCode#INCOMPATIBLE_STREAM} where the stream exists with another
     *     type or capacity, {@link ErrorCode#CLOSED} on a closed node
     */
    public <T> Mono<IpcSubscription<T>> subscribe(StreamSpec<T> spec) {
        Objects.requireNonNull(spec, "spec");
        return open(() -> RingSubscription.open(spec, dataPlane, loop(), streams::remove));
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
                    } catch (Exception e) {
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
     * Completes all publications, ends all subscriptions with {@link ErrorCode#CLOSED}, stops the threads and removes the
     * node's files. Subscribers elsewhere still get everything that was written. Blocks for some milliseconds; idempotent.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            streams.forEach(Disposable::dispose);
            for (PollLoop loop : loops) {
                loop.stop();
            }
            dataPlane.close();
            closed.tryEmitEmpty();
        }
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
            DataPlane plane = provider().open(new NodeOptions(name, directory, waitStrategy));
            return new IpcNode(name, plane, waitStrategy, pollThreads);
        }

        private DataPlaneProvider provider() {
            if (dataPlane != null) {
                return dataPlane;
            }
            Iterator<DataPlaneProvider> found = ServiceLoader.load(
                            DataPlaneProvider.class, IpcNode.class.getClassLoader())
                    .iterator();
            if (!found.hasNext()) {
                throw new IpcException(
                        ErrorCode.NO_TRANSPORT,
                        "no data plane on the class path; add io.reactiveipc:reactive-ipc-shm, or name one with dataPlane(…)");
            }
            DataPlaneProvider first = found.next();
            if (found.hasNext()) {
                throw new IpcException(
                        ErrorCode.NO_TRANSPORT,
                        "several data planes on the class path: " + first.name() + ", "
                                + found.next().name() + "; choose one with dataPlane(…)");
            }
            return first;
        }
    }
}
