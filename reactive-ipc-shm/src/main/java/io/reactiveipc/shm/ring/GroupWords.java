package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.AtomicBuffer;

/** The words of the queue groups in a slot table, by names that say the ordering. */
final class GroupWords {
    private final AtomicBuffer file;

    /** @param file the whole mapped slot table */
    GroupWords(AtomicBuffer file) {
        this.file = file;
    }

    long keyAcquire(int group) {
        return file.getLongAcquire(GroupLayout.keyOffset(group));
    }

    boolean compareAndSetKey(int group, long key) {
        return file.compareAndSetLong(GroupLayout.keyOffset(group), 0, key);
    }

    long claimAcquire(int group) {
        return file.getLongAcquire(GroupLayout.claimOffset(group)); // SYNC Q1, Q2: the entry that it names is visible
    }

    /** After what was read at its position. */
    boolean isStillAfter(int group, long claim) {
        VarHandle.acquireFence(); // SYNC Q1: the reads are done
        return claimAcquire(group) == claim;
    }

    /** At least a release where it succeeds: the intent in the slot is visible to whoever sees the word. */
    boolean compareAndSetClaim(int group, long expected, long claim) {
        return file.compareAndSetLong(GroupLayout.claimOffset(group), expected, claim); // SYNC Q1, Q3
    }

    long returnedAcquire(int group) {
        return file.getLongAcquire(GroupLayout.returnedOffset(group)); // SYNC Q4
    }

    void addReturned(int group) {
        file.getAndAddLong(GroupLayout.returnedOffset(group), 1); // SYNC Q4: the slot's word is RETURNED before
    }

    long entryAcquire(int slot, int entry) {
        return file.getLongAcquire(
                SlotLayout.entryOffset(slot, entry)); // SYNC Q1: writes after a 0 come after its reads
    }

    /** By the slot's owner. */
    void entryRelease(int slot, int entry, long value) {
        file.putLongRelease(SlotLayout.entryOffset(slot, entry), value); // SYNC Q1
    }

    boolean compareAndSetEntry(int slot, int entry, long expected, long value) {
        return file.compareAndSetLong(SlotLayout.entryOffset(slot, entry), expected, value); // SYNC Q1
    }
}
