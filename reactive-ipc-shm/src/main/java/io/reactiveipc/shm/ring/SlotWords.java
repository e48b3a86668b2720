package io.reactiveipc.shm.ring;

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
        return file.getLongAcquire(SlotLayout.wordOffset(slot)); // SYNC R3, R7: of an ACTIVE word, its cursor is visible
    }

    /** At least a release where it succeeds, which is all that is relied upon. */
    boolean compareAndSetWord(int slot, long expected, long word) {
        return file.compareAndSetLong(SlotLayout.wordOffset(slot), expected, word); // SYNC R3, R7
    }

    void cursorRelease(int slot, long position) {
        file.putLongRelease(SlotLayout.cursorOffset(slot), position); // SYNC R2, pairs with cursorAcquire: the reads of the bytes before it are done
    }

    public long cursorAcquire(int slot) {
        return file.getLongAcquire(SlotLayout.cursorOffset(slot)); // SYNC R2: writes after it come after those reads
    }
}
