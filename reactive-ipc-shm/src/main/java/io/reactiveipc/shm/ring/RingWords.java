package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.Memory;
import java.lang.invoke.VarHandle;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The words of a ring that processes share, by names that say the ordering. Each has one writer: the publisher.
 *
 * <p>Positions are bytes since the session began; a record's stamp is its position under the session's key, so that no
 * byte of an earlier lap passes for a record.
 */
public final class RingWords {
    /** Where the words of the ring itself start. */
    private static final int HEADER = 0;

    private final AtomicBuffer file;
    private final long address;
    private final int mask;
    private final long key;

    /**
     * @param file the whole mapped file, or memory that is laid out as it is
     * @param capacity bytes of the ring, a power of two
     * @param key the session's key
     */
    public RingWords(AtomicBuffer file, int capacity, long key) {
        this.file = file;
        this.address = Memory.addressOf(file);
        this.mask = capacity - 1;
        this.key = key;
    }

    /** Where in the file the record at a position starts. */
    int offset(long position) {
        return RingLayout.HEADER_LENGTH + ((int) position & mask);
    }

    /** Commits a record, and with it all that was written before. */
    void stampRelease(long position) {
        putLongRelease(
                offset(position), RecordLayout.STAMP_OFFSET, position ^ key); // SYNC R1, pairs with isStampedAcquire
    }

    /** Of a record that readers come to by the first one of its batch only, which is stamped last, with release. */
    void stampPlain(long position) {
        stampPlain(offset(position), position);
    }

    /** The same, of a record that stands elsewhere as yet. */
    void stampPlain(int offset, long position) {
        putLong(offset, RecordLayout.STAMP_OFFSET, position ^ key);
    }

    /** Whether the record at a position is committed; if so all its bytes are there. */
    boolean isStampedAcquire(long position) {
        return isStampedAcquire(position, offset(position));
    }

    /** The same, for who has the offset already: after an acquiring read, the compiler would work it out once more. */
    boolean isStampedAcquire(long position, int offset) {
        return getLongAcquire(offset, RecordLayout.STAMP_OFFSET) == (position ^ key); // SYNC R1
    }

    void tailRelease(long position) {
        putLongRelease(HEADER, RingLayout.TAIL_OFFSET, position); // SYNC R3, pairs with tailAcquire of joiners
    }

    public long tailAcquire() {
        return file.getLongAcquire(RingLayout.TAIL_OFFSET); // SYNC R3
    }

    void latestRelease(long position) {
        putLongRelease(
                HEADER, RingLayout.LATEST_OFFSET, position); // SYNC O2, pairs with latestAcquire: the record is stamped
    }

    long latestAcquire() {
        return getLongAcquire(HEADER, RingLayout.LATEST_OFFSET); // SYNC O2
    }

    /** Before any byte at or behind the old position is touched. */
    void tailIntentBefore(long position) {
        putLongRelease(HEADER, RingLayout.TAIL_INTENT_OFFSET, position);
        // SYNC O1, pairs with tailIntentAfter: who sees a new byte sees this position. A full fence, as long copies may
        // use non-temporal stores, which pass earlier ones in spite of a store-store fence.
        VarHandle.fullFence();
    }

    /** After the bytes of a record were copied. */
    long tailIntentAfter() {
        VarHandle.acquireFence(); // SYNC O1: the copy is done
        return getLongAcquire(HEADER, RingLayout.TAIL_INTENT_OFFSET);
    }

    /** Whether the bytes at a position, which were read before, may be of a later lap. */
    boolean isOverwritten(long position) {
        return tailIntentAfter() - position > mask + 1L;
    }

    void retainedRelease(long position) {
        putLongRelease(HEADER, RingLayout.RETAINED_OFFSET, position); // SYNC R4, pairs with keptAcquire
    }

    /** What is kept though nobody reads it: all, while that is less than half of the ring; else the history. */
    long keptAcquire(RingGeometry geometry) {
        long tail = tailAcquire();
        long first = geometry.initialPosition();
        if (tail - first <= geometry.capacity() / 2) {
            return first;
        }
        return geometry.history() == 1
                ? latestAcquire()
                : getLongAcquire(HEADER, RingLayout.RETAINED_OFFSET); // SYNC R4
    }

    void finalPositionRelease(long position) {
        file.putLongRelease(RingLayout.FINAL_POSITION_OFFSET, position); // SYNC R5, pairs with finalPositionAcquire
    }

    public long finalPositionAcquire() {
        return file.getLongAcquire(RingLayout.FINAL_POSITION_OFFSET); // SYNC R5
    }

    void waitingRelease(long waiting) {
        file.putLongRelease(RingLayout.WAITING_OFFSET, waiting); // SYNC D2, pairs with waitingAcquire after a cursor
    }

    long waitingAcquire() {
        return file.getLongAcquire(RingLayout.WAITING_OFFSET); // SYNC D2
    }

    /** Orders a store before a later load; what release and acquire alone do not. */
    static void storeLoadFence() {
        VarHandle.fullFence();
    }

    /** Length and type of the record at an offset: they share a word. */
    long lengthAndType(int offset) {
        return getLong(offset, RecordLayout.LENGTH_OFFSET);
    }

    long sequence(int offset) {
        return getLong(offset, RecordLayout.SEQUENCE_OFFSET);
    }

    void lengthAndType(int offset, int length, int type) {
        putLong(offset, RecordLayout.LENGTH_OFFSET, (long) type << 32 | length & 0xFFFF_FFFFL);
    }

    void sequence(int offset, long sequence) {
        putLong(offset, RecordLayout.SEQUENCE_OFFSET, sequence);
    }

    // ---- words by the offset of what they are in, which is widened once for all of them ----------------------------

    private long getLong(int offset, int word) {
        return address != 0 ? UnsafeApi.getLong(address + offset + word) : file.getLong(offset + word);
    }

    private void putLong(int offset, int word, long value) {
        if (address != 0) {
            UnsafeApi.putLong(address + offset + word, value);
        } else {
            file.putLong(offset + word, value);
        }
    }

    private long getLongAcquire(int offset, int word) {
        return address != 0
                ? UnsafeApi.getLongAcquire(null, address + offset + word)
                : file.getLongAcquire(offset + word);
    }

    private void putLongRelease(int offset, int word, long value) {
        if (address != 0) {
            UnsafeApi.putLongRelease(null, address + offset + word, value);
        } else {
            file.putLongRelease(offset + word, value);
        }
    }
}
