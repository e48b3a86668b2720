package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.SlotLayout;
import java.util.OptionalInt;

/**
 * One subscriber's slot, from join to leave.
 *
 * <pre>
 * word state | entered by                                  | gates the publisher
 * -----------+---------------------------------------------+---------------------
 * FREE       | leave (CAS by the owner), or its reaper     | no
 * JOINING    | CAS from FREE, generation + 1; or from      | no
 *            | EVICTED, before it has confirmed            |
 * ACTIVE     | CAS from JOINING, cursor set before; and    | yes, by its cursor
 *            | again to confirm, generation + 1            |
 * EVICTED    | CAS from ACTIVE by the publisher            | no
 * OBSERVING  | CAS from JOINING                            | no
 * </pre>
 *
 * The states of a slot in a queue group are {@link QueueGroup}'s.
 */
final class SubscriberSlot {
    /** Each means that the ring went round between two instructions of ours; so many do not happen. */
    private static final int MAX_ATTEMPTS = 1000;

    private final SlotWords slots;
    private final int slot;
    private final long word;
    private final long start;

    private SubscriberSlot(SlotWords slots, int slot, long word, long start) {
        this.slots = slots;
        this.slot = slot;
        this.word = word;
        this.start = start;
    }

    /** Takes a free slot, if there is one. */
    static OptionalInt claim(SlotWords slots, int count, int nodeRow) {
        for (int slot = 0; slot < count; slot++) {
            long word = slots.wordAcquire(slot);
            if (SlotLayout.state(word) == SlotLayout.FREE
                    && slots.compareAndSetWord(
                            slot,
                            word,
                            SlotLayout.word(SlotLayout.generation(word) + 1, nodeRow, SlotLayout.JOINING))) {
                CrashPoint.SLOT_CLAIMED.passed();
                return OptionalInt.of(slot);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Becomes a reader the publisher waits for, at the first record if that is still certain to be there, else at the tail.
     *
     * <p>The publisher scans the slots only once it used up what it knew to be free, and publishes its tail before. After
     * ACTIVE and the fence, a scan that missed this slot is already in the tail read here (SYNC R3): so starting at that tail
     * is safe, whatever the publisher knows. Starting at what it keeps is safe for the same reason: no scan lets the publisher
     * a whole lap beyond what was kept at the time (SYNC R4).
     *
     * <p>If the publisher laps the cursor that was set before ACTIVE, it cannot tell this slot from one whose cursor was
     * overwritten, and evicts it. To confirm is to change the word once more: either that succeeds, and the publisher sees the
     * second cursor, or it was evicted, and tries again (SYNC R8).
     *
     * @throws CorruptRingException if others change the slot meanwhile
     */
    static SubscriberSlot activate(
            SlotWords slots, int slot, RingWords ring, RingGeometry geometry, Attachment.Place place) {
        long joining = slots.wordAcquire(slot);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long active = SlotLayout.withState(joining, SlotLayout.ACTIVE);
            long confirmed = SlotLayout.nextGeneration(active);
            long start = start(slots, slot, joining, ring, geometry, place);
            if (slots.compareAndSetWord(slot, active, confirmed)) { // SYNC R8
                return new SubscriberSlot(slots, slot, confirmed, start);
            }
            joining = SlotLayout.withState(confirmed, SlotLayout.JOINING);
            if (!slots.compareAndSetWord(slot, SlotLayout.withState(active, SlotLayout.EVICTED), joining)) {
                break;
            }
        }
        throw new CorruptRingException("session " + geometry.sessionId() + ": subscriber slot " + slot
                + " is changed by somebody else; subscribe again, and look for what writes into the directory's files");
    }

    private static long start(
            SlotWords slots, int slot, long joining, RingWords ring, RingGeometry geometry, Attachment.Place place) {
        slots.cursorRelease(slot, find(place, ring, geometry));
        CrashPoint.CURSOR_SET.passed();
        slots.compareAndSetWord(slot, joining, SlotLayout.withState(joining, SlotLayout.ACTIVE));
        CrashPoint.SLOT_ACTIVE.passed();
        RingWords.storeLoadFence(); // SYNC R3: the slot is visible before the tail is read again
        long start = find(place, ring, geometry);
        slots.cursorRelease(slot, start);
        return start;
    }

    private static long find(Attachment.Place place, RingWords ring, RingGeometry geometry) {
        long kept = place == Attachment.Place.TAIL ? -1 : ring.keptAcquire(geometry);
        boolean found = kept >= 0 && (place == Attachment.Place.KEPT || kept == geometry.initialPosition());
        return found ? kept : ring.tailAcquire();
    }

    /** Takes part as one whom the publisher does not wait for. */
    static SubscriberSlot observe(SlotWords slots, int slot) {
        long joining = slots.wordAcquire(slot);
        long word = SlotLayout.withState(joining, SlotLayout.OBSERVING);
        slots.compareAndSetWord(slot, joining, word);
        return new SubscriberSlot(slots, slot, word, 0);
    }

    /** Takes part without a cursor, as one whom nobody waits for: what listens to signals is only rung for. */
    static SubscriberSlot listen(SlotWords slots, int slot) {
        long joining = slots.wordAcquire(slot);
        long word = SlotLayout.withState(joining, SlotLayout.ACTIVE);
        slots.compareAndSetWord(slot, joining, word);
        return new SubscriberSlot(slots, slot, word, 0);
    }

    /**
     * Comes into a queue group. The cursor, which is the start, gates until the join is complete.
     *
     * @return the slot as a member's; not held if it was evicted meanwhile
     */
    SubscriberSlot enter(QueueGroup group, long start) {
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            group.words().entryRelease(slot, entry, 0); // whatever an evicted owner left
        }
        slots.cursorRelease(slot, start);
        if (slots.compareAndSetWord(slot, word, SlotLayout.inGroup(word, group.number(), SlotLayout.ENTERING))) {
            group.join(slot, start);
        }
        return new SubscriberSlot(slots, slot, SlotLayout.inGroup(word, group.number(), SlotLayout.MEMBER), start);
    }

    int index() {
        return slot;
    }

    long word() {
        return word;
    }

    long start() {
        return start;
    }

    void cursorRelease(long position) {
        slots.cursorRelease(slot, position);
    }

    void armRelease(int loop) {
        slots.armRelease(slot, loop);
    }

    long cursor() {
        return slots.cursorAcquire(slot);
    }

    /** Whether the slot is still this subscriber's. */
    boolean isHeld() {
        return slots.wordAcquire(slot) == word;
    }

    /** Whether the publisher no longer waits for this subscriber. */
    boolean isEvicted() {
        return slots.wordAcquire(slot) == SlotLayout.withState(word, SlotLayout.EVICTED);
    }

    /** Leaves, or acknowledges the eviction. Without effect if a reaper took the slot away. */
    void free() {
        long free = SlotLayout.withState(word, SlotLayout.FREE);
        if (!slots.compareAndSetWord(slot, word, free)) {
            slots.compareAndSetWord(slot, SlotLayout.withState(word, SlotLayout.EVICTED), free);
        }
    }
}
