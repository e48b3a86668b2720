package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.SlotLayout;
import org.agrona.concurrent.AtomicBuffer;

/** The words of the slot table, by names that say the ordering. Every transition of a slot is one CAS of its word. */
public final class SlotWords {
    private final AtomicBuffer file;

    /** @param file the whole mapped file */
    public SlotWords(AtomicBuffer file) {
        this.file = file;
    }

    public long wordAcquire(int slot) {
        return file.getLongAcquire(
                SlotLayout.wordOffset(slot)); // SYNC R3, R7: of an ACTIVE word, its cursor is visible
    }

    /** At least a release where it succeeds, which is all that is relied upon. */
    boolean compareAndSetWord(int slot, long expected, long word) {
        return file.compareAndSetLong(SlotLayout.wordOffset(slot), expected, word); // SYNC R3, R7
    }

    /**
     * Takes a slot away from an owner that is proven dead.
     *
     * @param word the slot's, as read before the proof
     * @return whether this call did
     */
    public boolean reclaim(int slot, long word) {
        return switch (SlotLayout.state(word)) {
            case SlotLayout.FREE, SlotLayout.RETURNED -> false;
            case SlotLayout.ENTERING, SlotLayout.MEMBER, SlotLayout.LEAVING ->
                QueueGroup.of(file, SlotLayout.group(word)).reclaim(slot, word);
            default -> compareAndSetWord(slot, word, SlotLayout.freed(word)); // SYNC R7
        };
    }

    void cursorRelease(int slot, long position) {
        file.putLongRelease(
                SlotLayout.cursorOffset(slot),
                position); // SYNC R2, pairs with cursorAcquire: the reads of the bytes before it are done
    }

    /** Wants the doorbell rung at the next commit. */
    void armRelease(int slot, int loop) {
        file.putIntRelease(SlotLayout.armedOffset(slot), loop + 1);
        file.putIntRelease(SlotLayout.SLEEPERS_OFFSET, 1); // SYNC D1, pairs with hasSleepersAcquire after a stamp
    }

    /** Rings for all who armed since the last time. A plain load while nobody sleeps. */
    void wakeSleepers(int slotCount, Ringer ringer) {
        if (hasSleepersAcquire()) {
            ringSleepers(slotCount, ringer);
        }
    }

    private void ringSleepers(int slotCount, Ringer ringer) {
        forgetSleepers();
        CrashPoint.SLEEPERS_FORGOTTEN.passed();
        for (int slot = 0; slot < slotCount; slot++) {
            int loop = disarm(slot);
            if (loop >= 0) {
                CrashPoint.SLOT_DISARMED.passed();
                ringer.ring(SlotLayout.nodeRow(wordAcquire(slot)), loop);
            }
        }
    }

    private boolean hasSleepersAcquire() {
        return file.getIntAcquire(SlotLayout.SLEEPERS_OFFSET) != 0; // SYNC D1
    }

    private void forgetSleepers() {
        file.getAndSetInt(
                SlotLayout.SLEEPERS_OFFSET, 0); // before the slots are read: who arms later is in the next round
    }

    /** Takes the wish of a slot: the loop whose doorbell to ring, or -1. */
    private int disarm(int slot) {
        return file.getIntAcquire(SlotLayout.armedOffset(slot)) == 0
                ? -1
                : file.getAndSetInt(SlotLayout.armedOffset(slot), 0) - 1;
    }

    public long cursorAcquire(int slot) {
        return file.getLongAcquire(SlotLayout.cursorOffset(slot)); // SYNC R2: writes after it come after those reads
    }
}
