package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.SignalLayout;
import org.agrona.concurrent.AtomicBuffer;

/** The words of a signal's counter but for its slots. Many write each of them, so each change is atomic. */
public final class SignalWords {
    private final AtomicBuffer file;

    /** @param file the whole mapped file */
    public SignalWords(AtomicBuffer file) {
        this.file = file;
    }

    /** Counts one; what the caller stored before is visible to whoever sees the count. */
    void increment() {
        file.getAndAddLong(SignalLayout.COUNT_OFFSET, 1); // SYNC S1, pairs with countAcquire
    }

    long countAcquire() {
        return file.getLongAcquire(SignalLayout.COUNT_OFFSET); // SYNC S1
    }

    /** Says that a node has the file open. Under the signal's lock, or the file may be removed meanwhile. */
    public void use(int row) {
        long word;
        do {
            word = file.getLongVolatile(SignalLayout.usersOffset(row));
        } while (!file.compareAndSetLong(SignalLayout.usersOffset(row), word, word | SignalLayout.userBit(row)));
    }

    /** Says that a node has not, or no longer. Any time: the bit is only set by the row's owner. */
    public void forget(int row) {
        long word;
        do {
            word = file.getLongVolatile(SignalLayout.usersOffset(row));
        } while (!file.compareAndSetLong(SignalLayout.usersOffset(row), word, word & ~SignalLayout.userBit(row)));
    }

    /** Whether any node has the file open. Under the signal's lock, a no stays one. */
    public boolean isUsed() {
        long users = 0;
        for (int word = 0; word < SignalLayout.USERS_WORDS; word++) {
            users |= file.getLongVolatile(SignalLayout.USERS_OFFSET + word * Long.BYTES);
        }
        return users != 0;
    }
}
