package io.reactiveipc.test;

import io.reactiveipc.IpcNode;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.test.internal.Leaks;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A machine in memory: nodes of one host share streams, signals and peer events as processes that share a directory do, without
 * files, sockets or processes. Nodes of two hosts do not see each other.
 *
 * <pre>{@code
 * try (InMemoryHost host = InMemoryHost.create()) {
 *     IpcNode sender = host.node("sender");
 *     IpcNode receiver = host.node("receiver");
 *     …
 *     host.faults(sender).crash();
 * }
 * }</pre>
 *
 * <p>Poll loops are real threads that wait in real time, some microseconds for what is there. All that takes time by design,
 * heartbeats, silence, looking for pauses, follows the scheduler given: with a {@code VirtualTimeScheduler} hours of it pass in
 * {@code advanceTimeBy}, which returns when all that was due has been done, events included; no such time passes otherwise.
 *
 * <p>Any thread may call any method.
 */
public final class InMemoryHost implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int number = COUNT.incrementAndGet();
    private final @Nullable Scheduler scheduler;
    private final Registry registry = new Registry();
    private final Mailbox mailbox = new Mailbox("reactive-ipc-in-memory-" + number);
    private final Deque<IpcNode> nodes = new ArrayDeque<>();
    private final List<String> leaks = new CopyOnWriteArrayList<>();

    private InMemoryHost(@Nullable Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** A host whose nodes have the default clock and timers. */
    public static InMemoryHost create() {
        return new InMemoryHost(null);
    }

    /**
     * A host whose nodes have this clock and these timers.
     *
     * @param scheduler a {@code VirtualTimeScheduler}, for one
     */
    public static InMemoryHost create(Scheduler scheduler) {
        return new InMemoryHost(Objects.requireNonNull(scheduler, "scheduler"));
    }

    /**
     * Opens a node with the default options. The host closes it, if nobody has before.
     *
     * @throws io.reactiveipc.IpcException with {@link io.reactiveipc.ErrorCode#CONFIGURATION} if a node of that name lives
     */
    public IpcNode node(String name) {
        IpcNode node = builder(name).build();
        synchronized (nodes) {
            nodes.push(node);
        }
        return node;
    }

    /**
     * For a node with options of its own. The planes and the name are set and are to stay so; a directory is of no use here, and
     * ignored. Who builds the node closes it.
     */
    public IpcNode.Builder builder(String name) {
        IpcNode.Builder builder = IpcNode.builder()
                .name(name)
                .dataPlane(new InMemoryDataPlanes())
                .controlPlane(new InMemoryControlPlanes());
        return scheduler == null ? builder : builder.scheduler(scheduler);
    }

    /** The rings and who is alive, to give to {@link IpcNode.Builder#dataPlane}. */
    public DataPlaneProvider dataPlane() {
        return new InMemoryDataPlanes();
    }

    /** What tells of peers, to give to {@link IpcNode.Builder#controlPlane}; for nodes with this host's {@link #dataPlane()}. */
    public ControlPlaneProvider controlPlane() {
        return new InMemoryControlPlanes();
    }

    /**
     * Trouble with a node.
     *
     * @throws IllegalArgumentException if it is none of this host, or has left or crashed
     */
    public NodeFaults faults(IpcNode node) {
        return faults(node.name());
    }

    /**
     * Trouble with the node of a name.
     *
     * @throws IllegalArgumentException if there is none, or it has left or crashed
     */
    public NodeFaults faults(String node) {
        MemoryDataPlane plane = registry.plane(node);
        return new NodeFaults(plane, registry.controlPlane(plane.self().node()));
    }

    /** Trouble with a stream, which need not exist yet. */
    public StreamFaults stream(String name) {
        return registry.faults(name);
    }

    /**
     * Has the nodes tell each other all that they have to by now, and returns when that is done: after a subscription to a
     * publication the two are connected, and the publisher knows whether its stream is wanted. To be called before a virtual
     * clock is advanced, which is not made for other threads that schedule meanwhile. Without effect on a thread that must not block.
     */
    public void catchUp() {
        mailbox.catchUp();
    }

    /**
     * What was not given back so far, as sentences that say which and how to mend it: nodes that are open, and messages of {@code
     * leases()} that were not released when their node was closed. To be asked behind {@link #close()}; empty if all is well.
     */
    public List<String> leaks() {
        List<String> all = new ArrayList<>(leaks);
        registry.planes().forEach(plane -> all.add(Leaks.node("\"" + plane.name() + "\"")));
        return all;
    }

    /** Closes the nodes that {@link #node} opened, the last one first. Idempotent. */
    @Override
    public void close() {
        while (true) {
            IpcNode node;
            synchronized (nodes) {
                node = nodes.poll();
            }
            if (node == null) {
                return;
            }
            node.close();
        }
    }

    @Override
    public String toString() {
        return "InMemoryHost(" + number + ", "
                + registry.planes().map(MemoryDataPlane::name).toList() + ")";
    }

    private final class InMemoryDataPlanes implements DataPlaneProvider {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public DataPlane open(NodeOptions options) {
            return new MemoryDataPlane(registry, options.name(), Path.of("in-memory-" + number), leaks);
        }
    }

    private final class InMemoryControlPlanes implements ControlPlaneProvider {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public ControlPlane open(ControlPlaneHost node) {
            return new MemoryControlPlane(node, registry, mailbox);
        }
    }
}
