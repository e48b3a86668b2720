package io.reactiveipc.shm.node;

import java.nio.channels.FileLock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A row that is ours: as long as it is not released, or the process ended, all others find us alive. */
public final class NodeRow {
    private final NodeTable table;
    private final FileLock lock;
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

    /** Clears away whatever files the node still has and gives the row up. Idempotent. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            table.release(index, lock);
        }
    }
}
