package io.reactiveipc.test;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.ring.RingWriter;
import io.reactiveipc.shm.ring.SharedCounter;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.SignalCounter;
import io.reactiveipc.spi.StreamDefinition;
import io.reactiveipc.test.internal.Leaks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A node's rings on an in-memory host. */
final class MemoryDataPlane implements DataPlane {
    private final Registry registry;
    private final String name;
    private final Path directory;
    private final PeerInfo self;
    private final int row;
    private final Map<Integer, Doorbell> doorbells = new ConcurrentHashMap<>();
    private final Map<RingConsumer, MemorySession> joined = new ConcurrentHashMap<>();
    private final Set<MemoryWatch> watches = ConcurrentHashMap.newKeySet();
    private final Map<String, SharedCounter> counters = new HashMap<>();
    private final List<String> leaks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private final AtomicInteger lostWakes = new AtomicInteger();
    private volatile boolean stalled;
    private volatile boolean losesWakes;
    private volatile @Nullable String death;

    /** @param leaks told what was not given back when the plane is closed */
    MemoryDataPlane(Registry registry, String name, Path directory, List<String> leaks) {
        this.registry = registry;
        this.name = name;
        this.directory = directory;
        this.leaks = leaks;
        ProcessHandle process = ProcessHandle.current();
        this.self = new PeerInfo(
                UUID.randomUUID(),
                name,
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH));
        this.row = registry.claim(this);
    }

    String name() {
        return name;
    }

    int row() {
        return row;
    }

    Registry registry() {
        return registry;
    }

    // ---- streams ----------------------------------------------------------------------------------------------------

    @Override
    public RingProducer publish(StreamDefinition stream) {
        requireOpen();
        MemoryRing ring = registry.publish(stream, this);
        RingWriter writer = new RingWriter(
                ring.bytes(),
                ring.slots(),
                ring.geometry(),
                this::ring,
                stream.publishing().overflow().patience(),
                registry::peer,
                () -> registry.unlink(ring));
        return new MemoryProducer(writer, ring, registry.faults(stream.name()));
    }

    @Override
    public SessionWatch watch(StreamDefinition stream, SessionWatch.Listener listener) {
        requireOpen();
        MemoryWatch watch = new MemoryWatch(this, stream, listener);
        watches.add(watch);
        registry.add(watch); // before the first look, so that nothing slips in between
        try {
            watch.open();
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
        return watch;
    }

    void closed(MemoryWatch watch) {
        registry.remove(watch);
        watches.remove(watch);
    }

    RingConsumer track(MemorySession session, RingConsumer reader) {
        RingConsumer consumer = new MemoryConsumer(reader, this);
        joined.put(consumer, session);
        return consumer;
    }

    void left(RingConsumer consumer) {
        joined.remove(consumer);
    }

    @Override
    public SignalCounter signals(String signal) {
        synchronized (counters) {
            requireOpen();
            return counters.computeIfAbsent(
                    signal, s -> new SharedCounter(s, registry.counter(s, row), row, this::ring, slot -> {}));
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IpcException(ErrorCode.CLOSED, "the node was closed here; create another one");
        }
    }

    // ---- doorbells --------------------------------------------------------------------------------------------------

    @Override
    public Doorbell openDoorbell(int loop, Thread sleeper) {
        Doorbell doorbell = new MemoryDoorbell(sleeper);
        doorbells.put(loop, doorbell);
        return doorbell;
    }

    /** Rings for a reader or writer of ours at another node, or at this one. */
    void ring(int ofRow, int loop) {
        if (!isCrashed()) {
            registry.ring(ofRow, loop);
        }
    }

    void rungByOthers(int loop) {
        Doorbell doorbell = doorbells.get(loop);
        if (losesWakes) {
            lostWakes.incrementAndGet();
        } else if (doorbell != null) {
            doorbell.ring();
        }
    }

    void wakeLoops() {
        doorbells.values().forEach(Doorbell::ring);
    }

    // ---- faults -----------------------------------------------------------------------------------------------------

    /** Whether its process does anything. */
    boolean runs() {
        return !stalled && death == null;
    }

    boolean isCrashed() {
        return death != null;
    }

    /** Whether its row is given up, so that what it held may be another's. */
    boolean isGone() {
        return released.get();
    }

    @Nullable
    String death() {
        return death;
    }

    void stall() {
        stalled = true;
    }

    void resume() {
        if (stalled) {
            stalled = false;
            registry.lookAgain(this);
            wakeLoops();
        }
    }

    void crash() {
        if (released.compareAndSet(false, true)) {
            death = "node " + self + " was crashed by the test at " + Instant.now();
            registry.release(this);
        }
    }

    void loseWakes(boolean lose) {
        losesWakes = lose;
    }

    int lostWakes() {
        return lostWakes.get();
    }

    // ---- the node ---------------------------------------------------------------------------------------------------

    @Override
    public PeerInfo self() {
        return self;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Path socketDirectory() {
        return directory;
    }

    @Override
    public boolean isAlive(UUID node) {
        return registry.isAlive(node);
    }

    @Override
    public void lookAfterDead() {
        wakeLoops(); // whoever dies is cleared away at once
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watches.forEach(MemoryWatch::close);
            if (released.compareAndSet(false, true)) {
                joined.forEach((consumer, session) ->
                        leaks.add(Leaks.leases(name, session.ring().header().name(), session.id())));
                registry.release(this);
            }
        }
    }
}
