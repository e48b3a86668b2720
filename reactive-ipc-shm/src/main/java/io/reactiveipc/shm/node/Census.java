package io.reactiveipc.shm.node;

import io.reactiveipc.shm.layout.NodeLayout;

/**
 * Sees whether any node came, went or died: the cheap look at the table, before the dear ones at slots, rings and files. One
 * thread at a time.
 */
public final class Census {
    private final NodeTable table;
    private final int ownRow;
    private final long[] seen = new long[NodeLayout.ROW_COUNT];
    private final long[] found = new long[NodeLayout.ROW_COUNT];
    private boolean changed;
    private boolean recent;

    /** @param ownRow of the node that asks, which is not asked about: nobody probes a lock of their own */
    public Census(NodeTable table, int ownRow) {
        this.table = table;
        this.ownRow = ownRow;
    }

    /**
     * Whether somebody is dead and not cleared away, or anything has changed since what was {@link #acknowledge}d; and once
     * more after that, for who changed a row may not have been done, and had its lock.
     */
    public boolean isNews() {
        changed = false;
        boolean dead = false;
        for (int row = 0; row < found.length; row++) {
            long word = table.wordAcquire(row);
            found[row] = word;
            changed |= word != seen[row];
            dead |= row != ownRow && NodeLayout.state(word) != NodeLayout.FREE && table.dead(row);
        }
        return changed || recent || dead;
    }

    /** What the last call found has been seen to. */
    public void acknowledge() {
        System.arraycopy(found, 0, seen, 0, seen.length);
        recent = changed;
    }
}
