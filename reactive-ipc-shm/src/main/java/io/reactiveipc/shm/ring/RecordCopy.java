package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.spi.Memory;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Copies records out of a ring whose publisher may overwrite them meanwhile, as one reads under a sequence lock: first the
 * bytes, then whether the publisher has come near. What was copied is a record as a whole, or nothing.
 */
final class RecordCopy {
    private final AtomicBuffer file;
    private final RingWords words;
    private final int capacity;
    private final int payloadOffset;
    private final int maxMessageLength;
    private AtomicBuffer bytes = Memory.wrap(ByteBuffer.allocateDirect(1024));

    private int type;
    private int length;
    private long sequence;
    private long timestamp;

    RecordCopy(AttachedReader reader) {
        this.file = reader.file;
        this.words = reader.words;
        this.capacity = reader.capacity;
        this.payloadOffset = reader.payloadOffset;
        this.maxMessageLength = reader.maxMessageLength;
    }

    /** Whether the bytes at a position may have been overwritten. */
    boolean isGone(long position) {
        return words.isOverwritten(position);
    }

    /**
     * Copies the record whose stamp stands at a position.
     *
     * @return false if it was overwritten meanwhile
     */
    boolean take(long position) {
        int offset = words.offset(position);
        readHeader(offset);
        int room = capacity - ((int) position & (capacity - 1)) - payloadOffset;
        if ((type & 0xFFFF) == RecordLayout.DATA
                && length >= 0
                && length <= Math.min(room, maxMessageLength)) { // else not to be believed, or torn
            if (payloadOffset == RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET) {
                timestamp = file.getLong(offset + RecordLayout.TIMESTAMP_OFFSET);
            }
            if (length > bytes.capacity()) {
                bytes = Memory.wrap(ByteBuffer.allocateDirect(Integer.highestOneBit(length) * 2));
            }
            file.getBytes(offset + payloadOffset, bytes, 0, length);
        }
        return !isGone(position); // SYNC O1: after all that was read
    }

    /** The same without the payload. */
    boolean takeHeader(long position) {
        readHeader(words.offset(position));
        return !isGone(position); // SYNC O1
    }

    private void readHeader(int offset) {
        long lengthAndType = words.lengthAndType(offset);
        length = (int) lengthAndType;
        type = (int) (lengthAndType >>> 32);
        sequence = words.sequence(offset);
    }

    int type() {
        return type;
    }

    int length() {
        return length;
    }

    long sequence() {
        return sequence;
    }

    long timestamp() {
        return timestamp;
    }

    DirectBuffer bytes() {
        return bytes;
    }
}
