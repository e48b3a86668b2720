package io.reactiveipc.shm;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.doorbell.BellSocket;
import io.reactiveipc.shm.doorbell.Bells;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.node.Census;
import io.reactiveipc.shm.node.NodeRow;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.node.Reaper;
import io.reactiveipc.shm.node.TopicLock;
import io.reactiveipc.shm.ring.RingWords;
import io.reactiveipc.shm.ring.RingWriter;
import io.reactiveipc.shm.ring.SharedCounter;
import io.reactiveipc.shm.ring.SignalWords;
import io.reactiveipc.shm.ring.SlotWords;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import io.reactiveipc.shm.segment.StreamDirectory;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.SignalCounter;
import io.reactiveipc.spi.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/** A node's rings: those it publishes and those it watches. */
final class ShmDataPlane implements DataPlane {
    private static final Logger LOG = Loggers.getLogger(ShmDataPlane.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How long it takes, usually, to clear away after a dead node. */
    private static final long REAPING_MILLIS = 25;

    private final RootDirectory root;
    private final NodeTable nodes;
    private final NodeRow row;
    private final Census census;
    private final Conductor conductor;
    private final Bells bells;
    private final PeerInfo self;
    private final Set<RingFile> published = ConcurrentHashMap.newKeySet();
    private final Set<RingFile> closing = ConcurrentHashMap.newKeySet();
    private final Set<RingFile> removed = ConcurrentHashMap.newKeySet();
    private final Set<StreamWatch> watches = ConcurrentHashMap.newKeySet();
    private final Map<String, StreamDirectory> used = new ConcurrentHashMap<>();
    private final Map<String, SharedCounter> counters = new HashMap<>();
    private final Set<Doorbell> doorbells = ConcurrentHashMap.newKeySet();
    private boolean lost; // conductor only
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object sweeping = new Object();

    /** @param patrolMillis how often to look after what nobody tells */
    ShmDataPlane(String name, RootDirectory root, NodeTable nodes, NodeRow row, long patrolMillis) {
        this.root = root;
        this.nodes = nodes;
        this.row = row;
        this.census = new Census(nodes, row.index());
        this.bells = new Bells(root.socketAddresses(), nodes);
        ProcessHandle process = ProcessHandle.current();
        this.self = new PeerInfo(
                row.uuid(), name, process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
        this.conductor = new Conductor(name, new DirectoryNotices(root), patrolMillis, this::patrol, this::sweep);
        conductor.start();
    }

    // ---- publishing -------------------------------------------------------------------------------------------------

    @Override
    public RingProducer publish(StreamDefinition stream) {
        StreamDirectory directory = use(stream);
        RingFile file;
        try (TopicLock lock = nodes.lockTopic(directory.sha256())) {
            long epoch = 1;
            int capacity = stream.effectiveCapacity();
            for (Path path : directory.rings()) {
                RingHeader existing = headerOfLive(path);
                if (existing != null) {
                    StreamWatch.checkFits(stream, existing);
                    capacity = existing.capacity();
                    epoch = Math.max(epoch, existing.epoch() + 1);
                }
            }
            stream.checkHistoryIn(capacity); // it may be another publisher's, and too small for the history
            file = RingFile.create(directory, header(stream, capacity, epoch));
        }
        published.add(file);
        return new RingWriter(
                file.ring(),
                file.slots(),
                ShmSession.geometry(file.header()),
                bells::ring,
                stream.publishing().overflow().patience(),
                nodes::peer,
                () -> closing(file));
    }

    /** A ring that nobody finds any more stays ours until nobody reads it. */
    private void closing(RingFile file) {
        file.unlink();
        closing.add(file);
    }

    /** What a live publication of the stream says of itself; null for what is dead, gone or no ring. */
    private @Nullable RingHeader headerOfLive(Path path) {
        try {
            RingHeader header = RingFile.headerOf(path);
            return header != null && nodes.alive(header.nodeRow(), header.node()) ? header : null;
        } catch (IpcException e) {
            return null; // a foreign file does not keep us from publishing beside it
        }
    }

    private RingHeader header(StreamDefinition stream, int capacity, long epoch) {
        return new RingHeader(
                stream.name(),
                stream.typeId(),
                RANDOM.nextLong(),
                epoch,
                nonZero(),
                row.uuid(),
                row.index(),
                row.bootId(),
                capacity,
                stream.maxMessageLengthIn(capacity),
                stream.maxSubscribers(),
                stream.timestamps(),
                0,
                stream.publishing().overflow().kind(),
                stream.publishing().history());
    }

    private static long nonZero() {
        long key = RANDOM.nextLong();
        return key == 0 ? 1 : key;
    }

    // ---- subscribing ------------------------------------------------------------------------------------------------

    @Override
    public SessionWatch watch(StreamDefinition stream, SessionWatch.Listener listener) {
        StreamDirectory directory = use(stream);
        StreamWatch watch =
                new StreamWatch(stream, directory, nodes, row.index(), bells::ring, listener, this::closeWatch);
        watches.add(watch); // both before the first look, so that nothing and nobody's death slips in between
        conductor.add(watch);
        try {
            watch.open();
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
        return watch;
    }

    private void closeWatch(StreamWatch watch) {
        conductor.remove(watch);
        watches.remove(watch);
    }

    // ---- signals ----------------------------------------------------------------------------------------------------

    /** Under the monitor of the map, so that none is opened once the row is given up and is perhaps another node's. */
    @Override
    public SignalCounter signals(String name) {
        synchronized (counters) {
            if (closed.get()) {
                throw new IpcException(ErrorCode.CLOSED, "the node was closed here; create another one");
            }
            return counters.computeIfAbsent(name, this::openCounter);
        }
    }

    private SharedCounter openCounter(String name) {
        try (TopicLock lock = nodes.lockTopic(SignalFile.sha256(name))) {
            AtomicBuffer file = SignalFile.openOrCreate(root, name, row.uuid()).buffer();
            CrashPoint.SIGNAL_OPENED.passed();
            new SignalWords(file).use(row.index());
            return new SharedCounter(
                    name, file, row.index(), bells::ring, slot -> nodes.reaper().freeSlotIfDead(file, slot));
        }
    }

    @Override
    public Doorbell openDoorbell(int loop, Thread sleeper) {
        Doorbell doorbell = BellSocket.open(root.socketAddresses(), row.uuid(), loop, sleeper);
        doorbells.add(doorbell);
        return doorbell;
    }

    @Override
    public PeerInfo self() {
        return self;
    }

    @Override
    public Path directory() {
        return root.path();
    }

    @Override
    public Path socketDirectory() {
        return root.socketAddresses();
    }

    @Override
    public boolean isAlive(UUID node) {
        return nodes.alive(node);
    }

    @Override
    public void lookAfterDead() {
        Schedulers.boundedElastic().schedule(() -> {
            if (closed.get()) {
                return;
            }
            lookAfterDeadOfOurs();
            wakeSleepers(); // in any case: another node may have been faster with the slots
            sweepUnlessClosed();
        });
        // Or it is at it right now: then it holds the lock that we look at, and frees the slots when we have looked.
        Schedulers.boundedElastic().schedule(this::wakeSleepers, REAPING_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- housekeeping -----------------------------------------------------------------------------------------------

    private StreamDirectory use(StreamDefinition stream) {
        StreamDirectory directory = root.stream(stream.name());
        used.put(directory.sha256(), directory);
        return directory;
    }

    private void patrol() {
        try {
            root.restoreSocketAddresses();
            forgetEnded();
            if (census.isNews()) {
                lookAfterDeadOfOurs();
                wakeSleepers(); // in any case: another node may have been faster with the slots
                nodes.reaper().sweep();
                census.acknowledge();
            }
        } finally {
            checkHold();
        }
    }

    /** Lets go of the rings that ended and that nobody reads any more. */
    private void forgetEnded() {
        for (RingFile file : closing) {
            if (file.isWhole() && isEnded(file) && isUnread(file)) {
                closing.remove(file);
                removed.remove(file);
                published.remove(file);
            }
        }
    }

    private static boolean isUnread(RingFile file) {
        SlotWords slots = new SlotWords(file.slots());
        for (int slot = 0; slot < file.header().maxSubscribers(); slot++) {
            if (SlotLayout.hasOwner(slots.wordAcquire(slot))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Looks after the dead: their slots in our rings, and their rings that we read.
     *
     * @return whether there were any
     */
    private synchronized boolean lookAfterDeadOfOurs() {
        Reaper reaper = nodes.reaper();
        boolean found = false;
        for (RingFile file : published) {
            if (!file.isWhole()) {
                continue; // its writer finds out
            }
            for (int slot = 0; slot < file.header().maxSubscribers(); slot++) {
                found |= reaper.freeSlotIfDead(file.slots(), slot);
            }
            if (!isEnded(file)
                    && !file.isNamed()
                    && !isEnded(file)
                    && removed.add(file)) { // its own end comes before its unlinking
                LOG.warn(
                        "ring {} was removed by somebody else: its subscribers go on, and nobody new finds it; publish again"
                                + " for those",
                        file.path());
            }
        }
        for (StreamWatch watch : watches) {
            found |= watch.checkPublishers();
        }
        return found;
    }

    /** Room that the dead held, and the end of their rings, are news to poll loops that wait for either: nobody else rings. */
    private void wakeSleepers() {
        doorbells.forEach(Doorbell::ring);
    }

    private static boolean isEnded(RingFile file) {
        RingHeader header = file.header();
        return new RingWords(file.ring(), header.capacity(), header.sessionKey()).finalPositionAcquire()
                != RingLayout.OPEN;
    }

    private void sweep() {
        if (lookAfterDeadOfOurs()) {
            wakeSleepers();
        }
        nodes.reaper().sweep();
        used.values().forEach(this::removeIfUnused);
    }

    /** Nobody would wait for one that begins later, and the JVM's end could cut it short while others leave the dead to it. */
    private void sweepUnlessClosed() {
        synchronized (sweeping) {
            if (!closed.get()) {
                nodes.reaper().sweep();
            }
        }
    }

    private void checkHold() {
        switch (lost ? NodeRow.Hold.HELD : row.checkHold()) {
            case HELD -> {}
            case RETAKEN ->
                LOG.error(
                        "the liveness lock of node {} was lost and taken again, and nobody noticed: something in this JVM opened"
                                + " and closed {}; keep it from doing that",
                        self,
                        root.nodesLock());
            case LOST -> {
                lost = true;
                LOG.error(
                        "the liveness lock of node {} was lost, and other nodes cleared away what is this one's: close it and"
                                + " create another one; something in this JVM opened and closed {}",
                        self,
                        root.nodesLock());
            }
        }
    }

    /** A stream's directory goes with its last ring and its last watcher. */
    private void removeIfUnused(StreamDirectory directory) {
        boolean ours =
                watches.stream().anyMatch(watch -> watch.directory().sha256().equals(directory.sha256()))
                        || published.stream()
                                .anyMatch(file -> file.path().getParent().equals(directory.path()) && file.isNamed());
        if (ours || !directory.rings().isEmpty()) {
            return;
        }
        try (TopicLock lock = nodes.lockTopic(directory.sha256())) {
            used.remove(directory.sha256());
            Files.deleteIfExists(directory.path());
        } catch (IOException e) {
            // not empty: somebody else uses it, and removes it
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            conductor.stop();
            published.forEach(RingFile::unlink);
            watches.forEach(StreamWatch::close);
            used.values().forEach(this::removeIfUnused);
            synchronized (counters) {
                counters.clear(); // the row's reaping takes us out of them
            }
            bells.close();
            sweepForTheLastTime();
            row.release();
        }
    }

    /** Whoever was told of a death and closes finds nothing left of the dead, whether or not a sweep had begun by then. */
    private void sweepForTheLastTime() {
        synchronized (sweeping) {
            try {
                nodes.reaper().sweep();
            } catch (RuntimeException | InternalError e) { // the latter of a file that was cut short under its mapping
                LOG.warn("what dead nodes left is for the next node to clear away", e);
            }
        }
    }
}
