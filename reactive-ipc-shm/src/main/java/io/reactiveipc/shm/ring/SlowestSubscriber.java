package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.util.function.IntConsumer;

/** The publisher's view of the slots: who is attached, and how far the slowest is. */
final class SlowestSubscriber {
    private final SlotWords slots;
    private final int count;
    private final int capacity;
    private final long initialPosition;

    SlowestSubscriber(SlotWords slots, RingGeometry geometry) {
        this.slots = slots;
        this.count = geometry.maxSubscribers();
        this.capacity = geometry.capacity();
        this.initialPosition = geometry.initialPosition();
    }

    /**
     * The smallest cursor of the active slots, or the tail if there is none. For any thread: the tail it read may be behind
     * the cursors.
     */
    long position(long tail) {
        return scan(tail, false);
    }

    /**
     * The same for the writer, who knows its true tail: a cursor that no reader has, beyond the tail, inside a record, or
     * behind what the tail has overwritten, evicts its slot. A process gone wrong must not stop the publisher. It also meets
     * one who was so slow to join that the ring went round meanwhile; that one finds out before it reads, and joins anew.
     */
    long positionOrEvict(long tail) {
        return scan(tail, true);
    }

    private long scan(long tail, boolean evict) {
        long slowest = tail;
        for (int slot = 0; slot < count; slot++) {
            long word = slots.wordAcquire(slot);
            while (SlotLayout.state(word) == SlotLayout.ACTIVE) {
                long cursor = slots.cursorAcquire(slot);
                if (!evict || isPossible(cursor, tail)) {
                    slowest = Math.min(slowest, cursor);
                    break;
                }
                // SYNC R8: fails if its owner has confirmed another cursor, which is visible then
                slots.compareAndSetWord(slot, word, SlotLayout.withState(word, SlotLayout.EVICTED));
                word = slots.wordAcquire(slot);
            }
        }
        return slowest;
    }

    private boolean isPossible(long cursor, long tail) {
        return cursor <= tail
                && cursor >= Math.max(initialPosition, tail - capacity)
                && (cursor & (RecordLayout.ALIGNMENT - 1)) == 0;
    }

    /** Goes on without those who have not passed a position, and tells their nodes' rows. */
    void evictBehind(long position, IntConsumer evicted) {
        for (int slot = 0; slot < count; slot++) {
            long word = slots.wordAcquire(slot);
            if (SlotLayout.state(word) == SlotLayout.ACTIVE
                    && slots.cursorAcquire(slot) < position
                    && slots.compareAndSetWord(slot, word, SlotLayout.withState(word, SlotLayout.EVICTED))) {
                evicted.accept(SlotLayout.nodeRow(word));
            }
        }
    }

    /** How many have not passed a position. */
    int behind(long position) {
        int behind = 0;
        for (int slot = 0; slot < count; slot++) {
            if (SlotLayout.state(slots.wordAcquire(slot)) == SlotLayout.ACTIVE
                    && slots.cursorAcquire(slot) < position) {
                behind++;
            }
        }
        return behind;
    }

    /** All who take part, also those whom nobody waits for. */
    int active() {
        int active = 0;
        for (int slot = 0; slot < count; slot++) {
            int state = SlotLayout.state(slots.wordAcquire(slot));
            if (state == SlotLayout.ACTIVE || state == SlotLayout.OBSERVING) {
                active++;
            }
        }
        return active;
    }
}
