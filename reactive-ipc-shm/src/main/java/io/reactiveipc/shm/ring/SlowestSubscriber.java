package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.SlotLayout;

/** The publisher's view of the slots: who is attached, and how far the slowest is. */
final class SlowestSubscriber {
    private final SlotWords slots;
    private final int count;

    SlowestSubscriber(SlotWords slots, int count) {
        this.slots = slots;
        this.count = count;
    }

    /**
     * The smallest cursor of the active slots, or the tail if there is none. For any thread: the tail it read may be behind
     * the cursors.
     */
    long position(long tail) {
        return scan(tail, false);
    }

    /**
     * The same for the writer, who knows its true tail: a cursor that no reader writes, beyond the tail or inside a record,
     * evicts its slot. A process gone wrong must not stop the publisher.
     */
    long positionOrEvict(long tail) {
        return scan(tail, true);
    }

    private long scan(long tail, boolean evict) {
        long slowest = tail;
        for (int slot = 0; slot < count; slot++) {
            long word = slots.wordAcquire(slot);
            if (SlotLayout.state(word) == SlotLayout.ACTIVE) {
                long cursor = slots.cursorAcquire(slot);
                if (evict && (cursor > tail || (cursor & (RecordLayout.ALIGNMENT - 1)) != 0)) {
                    slots.compareAndSetWord(slot, word, SlotLayout.withState(word, SlotLayout.EVICTED));
                } else {
                    slowest = Math.min(slowest, cursor);
                }
            }
        }
        return slowest;
    }

    int active() {
        int active = 0;
        for (int slot = 0; slot < count; slot++) {
            if (SlotLayout.state(slots.wordAcquire(slot)) == SlotLayout.ACTIVE) {
                active++;
            }
        }
        return active;
    }
}
