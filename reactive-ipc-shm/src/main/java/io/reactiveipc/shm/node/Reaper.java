package io.reactiveipc.shm.node;

import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.ring.SignalWords;
import io.reactiveipc.shm.ring.SlotWords;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import io.reactiveipc.shm.segment.SlotFile;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Clears away what nodes left that died. Every step may be repeated, and a reaper that dies at any of them leaves what the
 * next one finishes. Files that are no segments of this version are not touched and stop nobody.
 */
public final class Reaper {
    private static final long TIDY_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RootDirectory root;
    private final NodeTable table;

    Reaper(RootDirectory root, NodeTable table) {
        this.root = root;
        this.table = table;
    }

    /**
     * Looks for dead nodes and clears away after them. What another thread of this process is just clearing away is waited
     * for; what another process is at is left to that one. Does file I/O, and may wait for topics' locks: not in a poll loop,
     * and not with a topic's lock held.
     *
     * @return how many nodes were found dead
     */
    public int sweep() {
        synchronized (table.sweeping()) {
            int reaped = 0;
            for (int row = 0; row < NodeLayout.ROW_COUNT; row++) {
                if (NodeLayout.state(table.wordAcquire(row)) != NodeLayout.FREE && sweepRow(row)) {
                    reaped++;
                }
            }
            return reaped;
        }
    }

    private boolean sweepRow(int row) {
        FileLock lock = table.tryLockRow(row);
        if (lock == null) {
            return false;
        }
        try {
            return reapRow(row);
        } finally {
            table.unlockRow(lock);
        }
    }

    /**
     * Clears away after the node of a row. The caller holds the row's lock.
     *
     * @return whether there was one
     */
    boolean reapRow(int row) {
        long word = table.wordAcquire(row);
        if (NodeLayout.state(word) == NodeLayout.FREE) {
            return false;
        }
        int generation = NodeLayout.generation(word);
        table.wordRelease(row, NodeLayout.word(generation, NodeLayout.REAPING));
        CrashPoint.ROW_REAPING.passed();
        clearFiles(row, table.uuid(row));
        CrashPoint.ROW_CLEARED.passed();
        // Only now: whoever finds the row free finds nothing of its owner.
        table.wordRelease(row, NodeLayout.word(generation + 1, NodeLayout.FREE));
        return true;
    }

    /** All that a node may have left in the directory. */
    void clearFiles(int row, UUID node) {
        for (Path topic : topics()) {
            freeSlots(topic, row);
            unlinkRings(topic, row, node);
            CrashPoint.RINGS_CLEARED.passed();
            deleteTemporaries(topic, node);
            CrashPoint.TEMPORARIES_CLEARED.passed();
            tidy(topic);
        }
        SignalFile.in(root).forEach(path -> leaveSignal(path, row));
        deleteTemporaries(root.signals(), node);
        deleteTemporaries(root.path(), node);
        deleteSockets(node);
    }

    /** Frees the slots in which a node of this row reads. */
    void freeSlots(Path topic, int row) {
        for (Path path : slotTables(topic)) {
            SlotFile slots = openOrNull(SlotFile::open, path);
            if (slots != null) {
                freeSlots(slots.buffer(), row);
            }
        }
    }

    private static void freeSlots(AtomicBuffer slots, int row) {
        for (int slot = 0; slot < SlotLayout.SLOT_COUNT; slot++) {
            long word = slots.getLongVolatile(SlotLayout.wordOffset(slot));
            if (SlotLayout.hasOwner(word) && SlotLayout.nodeRow(word) == row) {
                free(slots, slot, word); // if it fails, the publisher was faster
            }
        }
    }

    /** Takes a node of this row out of a signal, and the signal away if it was the last one. */
    private void leaveSignal(Path path, int row) {
        SignalFile signal = openOrNull(SignalFile::open, path);
        if (signal == null) {
            return;
        }
        freeSlots(signal.buffer(), row);
        SignalWords words = new SignalWords(signal.buffer());
        words.forget(row);
        CrashPoint.SIGNAL_LEFT.passed();
        if (words.isUsed()) {
            return;
        }
        TopicLock lock = table.tryLockTopic(SignalFile.sha256Of(path), TIDY_WAIT_NANOS);
        if (lock == null) {
            return; // somebody opens it, and removes it
        }
        try (lock) {
            SignalFile current = openOrNull(SignalFile::open, path); // another one perhaps, by now
            if (current != null && !new SignalWords(current.buffer()).isUsed()) {
                delete(path);
            }
        }
    }

    /** Removes the names of the rings that this node published. Who has them mapped drains them. */
    void unlinkRings(Path topic, int row, UUID node) {
        for (Path ring : rings(topic)) {
            try {
                RingHeader header = RingFile.headerOf(ring);
                if (header != null && header.nodeRow() == row && header.node().equals(node)) {
                    RingFile.unlink(ring);
                }
            } catch (IpcException e) {
                // not a ring that we could judge, or not one that we may remove
            }
        }
    }

    /** Removes slot tables whose ring is gone, then the directory if nothing is in it. */
    void tidy(Path topic) {
        if (!orphans(topic).isEmpty() || isEmpty(topic)) {
            String sha256 = topic.getFileName().toString();
            TopicLock lock = table.tryLockTopic(sha256, TIDY_WAIT_NANOS);
            if (lock == null) {
                return; // somebody creates there: not empty much longer, and the orphans are for the next
            }
            try (lock) {
                orphans(topic).forEach(Reaper::delete);
                CrashPoint.ORPHANS_CLEARED.passed();
                delete(topic);
            }
        }
    }

    /** Slot tables come before their ring and go after it; without a creator at work, one alone is an orphan. */
    private List<Path> orphans(Path topic) {
        List<Path> orphans = new ArrayList<>();
        for (Path slots : slotTables(topic)) {
            if (!Files.exists(StreamDirectory.ringOf(slots), LinkOption.NOFOLLOW_LINKS)
                    && SlotFile.isSlotTable(slots)) {
                orphans.add(slots);
            }
        }
        return orphans;
    }

    /**
     * Frees one slot if its owner is dead. For the publisher of the ring, whom it holds back; costs microseconds and
     * never waits.
     *
     * @param slots {@link RingFile#slots()}
     * @return whether this call freed it
     */
    public boolean freeSlotIfDead(AtomicBuffer slots, int slot) {
        long word = slots.getLongVolatile(SlotLayout.wordOffset(slot));
        if (!SlotLayout.hasOwner(word)) {
            return false;
        }
        int row = SlotLayout.nodeRow(word);
        // A row that does not exist belongs to nobody: bytes that no subscriber wrote must not hold the ring for ever.
        boolean dead = row >= NodeLayout.ROW_COUNT || table.dead(row);
        if (!dead) {
            return false;
        }
        CrashPoint.SLOT_PROVEN.passed();
        return free(slots, slot, word);
    }

    private static boolean free(AtomicBuffer slots, int slot, long word) {
        boolean done = new SlotWords(slots).reclaim(slot, word);
        CrashPoint.SLOT_FREED.passed();
        return done;
    }

    List<Path> topics() {
        List<Path> topics = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root.topics(), Reaper::isTopic)) {
            found.forEach(topics::add);
        } catch (IOException | DirectoryIteratorException e) {
            // none there
        }
        return topics;
    }

    private static boolean isTopic(Path path) {
        return path.getFileName().toString().matches("[0-9a-f]{64}")
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> rings(Path topic) {
        try {
            return StreamDirectory.ringsIn(topic);
        } catch (IpcException e) {
            return List.of();
        }
    }

    private static List<Path> slotTables(Path topic) {
        try {
            return StreamDirectory.slotsIn(topic);
        } catch (IpcException e) {
            return List.of();
        }
    }

    private static <F> @Nullable F openOrNull(Function<Path, @Nullable F> open, Path path) {
        try {
            return open.apply(path);
        } catch (IpcException e) {
            return null;
        }
    }

    private static void deleteTemporaries(Path directory, UUID node) {
        try {
            StreamDirectory.temporariesIn(directory, node).forEach(Reaper::delete);
        } catch (IpcException e) {
            // the directory is no longer readable; nothing to find
        }
    }

    /** A node's sockets begin with its id. */
    private void deleteSockets(UUID node) {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(root.sockets(), node + "*")) {
            sockets.forEach(Reaper::delete);
        } catch (IOException | DirectoryIteratorException e) {
            // no sockets here
        }
    }

    private static boolean isEmpty(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return !files.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // not empty, or not ours to remove
        }
    }
}
