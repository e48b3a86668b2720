package io.reactiveipc.shm.node;

import java.nio.channels.FileLock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A row that is ours: as long as it is not released, or the process ended, all others find us alive. */
public final class NodeRow {
    private final NodeTable table;
    private FileLock lock;
    private final int index;
    private final UUID uuid;
    private final UUID bootId;
    private final AtomicBoolean released = new AtomicBoolean();

    NodeRow(NodeTable table, FileLock lock, int index, UUID uuid, UUID bootId) {
        this.table = table;
        this.lock = lock;
        this.index = index;
        this.uuid = uuid;
        this.bootId = bootId;
    }

    /** Its number in {@code nodes.tab}. */
    public int index() {
        return index;
    }

    /** The node's identity; never used before. */
    public UUID uuid() {
        return uuid;
    }

    /** The boot of this host, or zeros where it is unknown. */
    public UUID bootId() {
        return bootId;
    }

    /** What became of the lock by which others find us alive. */
    public enum Hold {
        /** It is held. */
        HELD,
        /** It was lost, and nobody noticed before it was taken again. */
        RETAKEN,
        /** It was lost, and others cleared away what is ours: for them this node is dead, and its row may be another's. */
        LOST
    }

    /**
     * Looks whether the lock is still held, and takes it again if not: any code of this JVM that opens and closes the lock file,
     * if only to copy the directory, drops it. Reads a file of the system: now and then only.
     */
    public synchronized Hold checkHold() {
        if (released.get() || table.isLockedByUs(index)) {
            return Hold.HELD;
        }
        FileLock again = table.retake(lock);
        lock = again == null ? lock : again;
        if (table.isOf(index, uuid)) {
            return again == null
                    ? Hold.HELD
                    : Hold.RETAKEN; // null for a probe, or one who clears away: the next look tells
        }
        released.set(true); // the row is no longer ours to clear away
        table.unlockRow(lock);
        return Hold.LOST;
    }

    /** Clears away whatever files the node still has and gives the row up. Idempotent. */
    public synchronized void release() {
        if (released.compareAndSet(false, true)) {
            table.release(index, lock);
        }
    }
}
