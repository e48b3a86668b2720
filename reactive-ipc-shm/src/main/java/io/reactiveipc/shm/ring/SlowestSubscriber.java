package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.agrona.concurrent.AtomicBuffer;

/** The publisher's view of the slots: who is attached, and how far the slowest is. */
final class SlowestSubscriber {
    private final SlotWords slots;
    private final GroupWords groups;
    private final QueueGroup[] queues = new QueueGroup[GroupLayout.GROUP_COUNT];
    private final int count;
    private final int capacity;
    private final long initialPosition;

    /** @param file the whole mapped slot table */
    SlowestSubscriber(AtomicBuffer file, RingGeometry geometry) {
        this.slots = new SlotWords(file);
        this.groups = new GroupWords(file);
        Arrays.setAll(queues, group -> QueueGroup.of(file, group));
        this.count = geometry.maxSubscribers();
        this.capacity = geometry.capacity();
        this.initialPosition = geometry.initialPosition();
    }

    /**
     * The smallest of the active slots' cursors, and of the positions that groups have not claimed or not finished; or the
     * tail. For any thread: the tail it read may be behind the cursors.
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
        while (true) {
            long slowest = tail;
            int alive = 0;
            for (int group = 0; group < queues.length && groups.keyAcquire(group) != 0; group++) {
                long claim = groups.claimAcquire(group); // SYNC Q2: before the entries
                if (GroupLayout.isAlive(claim)) {
                    alive |= 1 << group;
                    slowest = Math.min(slowest, unclaimed(group, claim, tail, evict));
                }
            }
            for (int slot = 0; slot < count; slot++) {
                slowest = Math.min(slowest, heldBy(slot, tail, evict));
            }
            if ((alive() & ~alive) == 0) { // SYNC Q2: else a member may stand in a slot that was passed before it came
                return slowest;
            }
        }
    }

    private long unclaimed(int group, long claim, long tail, boolean evict) {
        long position = GroupLayout.position(claim);
        if (evict && !isPossible(position, tail)) { // its members find out
            groups.compareAndSetClaim(group, claim, GroupLayout.next(claim, tail, GroupLayout.END, 0));
            return tail;
        }
        queues[group].complete(claim);
        return position;
    }

    private int alive() {
        int alive = 0;
        for (int group = 0; group < queues.length && groups.keyAcquire(group) != 0; group++) {
            alive |= GroupLayout.isAlive(groups.claimAcquire(group)) ? 1 << group : 0;
        }
        return alive;
    }

    /** The smallest position that a slot gates by, or the tail. */
    private long heldBy(int slot, long tail, boolean evict) {
        long word = slots.wordAcquire(slot);
        while (true) {
            long held =
                    switch (SlotLayout.state(word)) {
                        case SlotLayout.ACTIVE, SlotLayout.ENTERING -> slots.cursorAcquire(slot);
                        case SlotLayout.MEMBER, SlotLayout.LEAVING, SlotLayout.RETURNED ->
                            oldestEntry(slot, tail, evict);
                        default -> tail;
                    };
            if (!evict || isPossible(held, tail)) {
                return held;
            }
            // SYNC R8: fails if its owner has confirmed another cursor, which is visible then
            slots.compareAndSetWord(slot, word, SlotLayout.withState(word, SlotLayout.EVICTED));
            word = slots.wordAcquire(slot);
        }
    }

    /** Entries that are tentative count for nothing: claims that were decided are complete, by the scan at the latest. */
    private long oldestEntry(int slot, long tail, boolean evict) {
        long oldest = tail;
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            long held = groups.entryAcquire(slot, entry);
            long position = GroupLayout.entryPosition(held);
            if (GroupLayout.isHeld(held)) {
                if (evict && !isPossible(position, tail)) {
                    return position;
                }
                oldest = Math.min(oldest, position);
            }
        }
        return oldest;
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

    /** How many have not passed a position; a group that has not claimed it counts as one. */
    int behind(long position) {
        int behind = 0;
        for (int group = 0; group < queues.length && groups.keyAcquire(group) != 0; group++) {
            long claim = groups.claimAcquire(group);
            behind += GroupLayout.isAlive(claim) && GroupLayout.position(claim) < position ? 1 : 0;
        }
        for (int slot = 0; slot < count; slot++) {
            behind += heldBy(slot, position, false) < position ? 1 : 0;
        }
        return behind;
    }

    /** All who take part, also those whom nobody waits for. */
    int active() {
        int active = 0;
        for (int slot = 0; slot < count; slot++) {
            active += switch (SlotLayout.state(slots.wordAcquire(slot))) {
                case SlotLayout.ACTIVE, SlotLayout.OBSERVING, SlotLayout.ENTERING, SlotLayout.MEMBER -> 1;
                default -> 0;
            };
        }
        return active;
    }
}
