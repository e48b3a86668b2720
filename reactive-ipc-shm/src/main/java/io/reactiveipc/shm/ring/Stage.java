package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.MemoryCopy;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Records of a batch on their way into the ring, all but the first: they are laid out in memory of this process as they will stand
 * there, stamps included, and copied over together. No reader comes to them before the batch is committed, by the first one's stamp.
 */
final class Stage {
    /** Long enough for a copy to be worth its call and, by {@code memcpy}, to take lines over without reading them; short enough to stay in a near cache. */
    static final int LENGTH = 32 * 1024;

    /** So long that three fit, or little would be copied together. Longer ones are worth a copy by themselves: nothing is opened for them. */
    static final int LONGEST_RECORD = LENGTH / 3;

    private static final int LINE = 64;

    private final AtomicBuffer memory =
            Memory.wrap(ByteBuffer.allocateDirect(LENGTH + LINE).alignedSlice(LINE));
    private final RingWords ring;
    private final RingWords words;
    private final MemoryCopy copy;

    /** Where in the ring the first one will stand. */
    private long base;

    /** How far the ring's room was known to go there. */
    private long reach;

    private boolean open;
    private int limit;
    private int length;
    private int latest;

    Stage(AtomicBuffer file, RingWords ring, long key) {
        this.ring = ring;
        this.words = new RingWords(memory, LENGTH, key);
        this.copy = Memory.copy(memory, file);
    }

    MutableDirectBuffer buffer() {
        return memory;
    }

    boolean isOpen() {
        return open;
    }

    /** Takes records for the ring's bytes from a position to another. */
    void open(long position, long reach) {
        base = position;
        this.reach = reach;
        limit = (int) Math.min(LENGTH, reach - position);
        open = true;
    }

    boolean hasRoom(int required) {
        return length + required <= limit;
    }

    long reach() {
        return reach;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Where the record to come starts. */
    int offset() {
        return length;
    }

    /** Where in the ring it will. */
    long position() {
        return base + length;
    }

    /** Where the last one will, unless it is empty. */
    long latest() {
        return base + latest;
    }

    /** All of a record but what it carries. */
    void add(int required, int payload, int type, long sequence, boolean timestamp) {
        int offset = length;
        words.lengthAndType(offset, payload, type);
        if (timestamp) {
            memory.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, System.nanoTime());
        }
        words.sequence(offset, sequence);
        words.stampPlain(offset, base + offset);
        latest = offset;
        length = offset + required;
        CrashPoint.RECORD_STAGED.passed();
    }

    /** Copies what there is into the ring, and has no room from then on. */
    void close() {
        if (length > 0) {
            copy.copy(0, ring.offset(base), length);
            CrashPoint.STAGE_COPIED.passed();
        }
        length = 0;
        limit = 0;
        open = false;
    }
}
