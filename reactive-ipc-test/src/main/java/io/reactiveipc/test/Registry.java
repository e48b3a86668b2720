package io.reactiveipc.test;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.shm.ring.SignalWords;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.StreamDefinition;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a directory and the kernel are to real nodes: who is alive, and which rings and counters have a name. Nothing foreign is
 * called under its monitor.
 */
final class Registry {
    private final Random random = new Random();
    private final AtomicReferenceArray<@Nullable MemoryDataPlane> rows =
            new AtomicReferenceArray<>(NodeLayout.ROW_COUNT);
    private final List<MemoryRing> rings = new ArrayList<>();
    private final Map<String, AtomicBuffer> counters = new HashMap<>();
    private final Set<MemoryWatch> watches = ConcurrentHashMap.newKeySet();
    private final Map<UUID, MemoryControlPlane> controlPlanes = new ConcurrentHashMap<>();
    private final Map<String, StreamFaults> faults = new ConcurrentHashMap<>();

    // ---- nodes ------------------------------------------------------------------------------------------------------

    /** Who is in a row; also of one that nobody is in, as bytes in a slot may name. */
    PeerInfo peer(int row) {
        MemoryDataPlane plane = row >= 0 && row < rows.length() ? rows.get(row) : null;
        return plane != null ? plane.self() : new PeerInfo(new UUID(0, 0), "row " + row + ", empty", 0, Instant.EPOCH);
    }

    /** Whether nobody is in a row; also of one that there is not. */
    boolean isFree(int row) {
        return row >= rows.length() || rows.get(row) == null;
    }

    /** Takes a row. */
    synchronized int claim(MemoryDataPlane plane) {
        if (planes().anyMatch(other -> other.name().equals(plane.name()))) {
            throw new IpcException(
                    ErrorCode.CONFIGURATION,
                    "the in-memory host has a node \"" + plane.name()
                            + "\" already; give each a name of its own, by which faults find it");
        }
        int row = IntStream.range(0, rows.length())
                .filter(candidate -> rows.get(candidate) == null)
                .findFirst()
                .orElseThrow(() -> new IpcException(
                        ErrorCode.TOO_MANY_NODES,
                        "all " + rows.length() + " rows of the in-memory host are taken; close some nodes"));
        rows.set(row, plane);
        return row;
    }

    /** The node is no more, in order or not: its row, its slots and its rings' names are free. */
    void release(MemoryDataPlane plane) {
        List<AtomicBuffer> tables = new ArrayList<>();
        synchronized (this) {
            rings.removeIf(ring -> {
                tables.add(ring.slots());
                return ring.publisher() == plane;
            });
            counters.values().removeIf(counter -> {
                MemoryRing.freeSlots(counter, row -> row == plane.row());
                SignalWords words = new SignalWords(counter);
                words.forget(plane.row());
                return !words.isUsed();
            });
        }
        tables.forEach(table -> MemoryRing.freeSlots(table, row -> row == plane.row()));
        rows.compareAndSet(plane.row(), plane, null); // last: whoever finds the row free finds nothing of its owner
        planes().forEach(MemoryDataPlane::wakeLoops);
    }

    Stream<MemoryDataPlane> planes() {
        return IntStream.range(0, rows.length()).mapToObj(rows::get).<MemoryDataPlane>mapMulti(Registry::ifPresent);
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> next) {
        if (value != null) {
            next.accept(value);
        }
    }

    MemoryDataPlane plane(String name) {
        return planes().filter(plane -> plane.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the in-memory host has no node \"" + name + "\" that lives; it has "
                                + planes().map(MemoryDataPlane::name).toList()));
    }

    boolean isAlive(UUID node) {
        return planes().anyMatch(plane -> plane.self().node().equals(node));
    }

    void ring(int row, int loop) {
        MemoryDataPlane plane = rows.get(row);
        if (plane != null) {
            plane.rungByOthers(loop);
        }
    }

    // ---- streams ----------------------------------------------------------------------------------------------------

    MemoryRing publish(StreamDefinition stream, MemoryDataPlane publisher) {
        MemoryRing ring;
        synchronized (this) {
            long epoch = 1;
            int capacity = stream.effectiveCapacity();
            for (MemoryRing existing : rings(stream.name())) {
                existing.requireFit(stream);
                capacity = existing.header().capacity();
                epoch = Math.max(epoch, existing.header().epoch() + 1);
            }
            ring = MemoryRing.create(stream, capacity, epoch, publisher, random);
            rings.add(ring);
        }
        look(stream.name());
        return ring;
    }

    synchronized void unlink(MemoryRing ring) {
        rings.remove(ring);
    }

    synchronized List<MemoryRing> rings(String stream) {
        return rings.stream()
                .filter(ring -> ring.header().name().equals(stream))
                .toList();
    }

    synchronized List<MemoryRing> rings() {
        return List.copyOf(rings);
    }

    void add(MemoryWatch watch) {
        watches.add(watch);
    }

    void remove(MemoryWatch watch) {
        watches.remove(watch);
    }

    private void look(String stream) {
        watches.stream().filter(watch -> watch.streamName().equals(stream)).forEach(MemoryWatch::scan);
    }

    void lookAgain(MemoryDataPlane reader) {
        watches.stream().filter(watch -> watch.isOf(reader)).forEach(MemoryWatch::scan);
    }

    synchronized AtomicBuffer counter(String name, int row) {
        AtomicBuffer counter =
                counters.computeIfAbsent(name, n -> Memory.wrap(ByteBuffer.allocateDirect(SignalLayout.FILE_LENGTH)));
        new SignalWords(counter).use(row);
        return counter;
    }

    StreamFaults faults(String stream) {
        return faults.computeIfAbsent(stream, name -> new StreamFaults(name, this));
    }

    // ---- control planes ---------------------------------------------------------------------------------------------

    void add(UUID node, MemoryControlPlane plane) {
        controlPlanes.put(node, plane);
    }

    void remove(UUID node, MemoryControlPlane plane) {
        controlPlanes.remove(node, plane);
    }

    @Nullable
    MemoryControlPlane controlPlane(UUID node) {
        return controlPlanes.get(node);
    }
}
