package io.reactiveipc.shm.node;

import org.agrona.concurrent.AtomicBuffer;

public final class Reaper {
    /** Not while a topic's lock is held by this thread. */
    public int sweep() {
        throw new UnsupportedOperationException();
    }

    public boolean freeSlotIfDead(AtomicBuffer slots, int slot) {
        throw new UnsupportedOperationException();
    }
}
