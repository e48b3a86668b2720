package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import org.agrona.DirectBuffer;

/**
 * A reader that the publisher waits for: it reads each record where it stands. Its next record is there if and only if the
 * stamp matches; each field is read once and checked before use, because a reader trusts nothing that another process could
 * have written.
 */
public final class RingReader extends AttachedReader {
    private long nextSequence;
    private int recordLength;
    private final int endOffset;

    RingReader(Attachment attachment, SubscriberSlot slot) {
        super(attachment, slot);
        this.endOffset = RingLayout.HEADER_LENGTH + capacity;
        this.nextSequence = slot.start() == geometry.initialPosition() ? 0 : -1;
    }

    /** Passes over all messages before a position but the newest so many. Nothing before it can be overwritten meanwhile. */
    void skipToLast(int count, long tail) {
        long start = position;
        int present = 0;
        while (position < tail && poll() >= 0) {
            advance();
            present++;
        }
        position = start;
        nextSequence = start == geometry.initialPosition() ? 0 : -1;
        end = null;
        for (int skipped = 0; skipped < present - count && poll() >= 0; skipped++) {
            advance();
        }
        release(position);
    }

    @Override
    public int poll() {
        int offset = words.offset(position);
        return words.isStampedAcquire(position, offset) ? found(offset) : empty();
    }

    @Override
    public int pollOn() {
        int offset = words.offset(position);
        return words.isStampedAcquire(position, offset) ? found(offset) : empty();
    }

    /** A method of its own: to the compiler of a reader that waits, what follows a find is rare, and not worth inlining. */
    private int found(int first) {
        for (int offset = first; ; ) {
            long lengthAndType = words.lengthAndType(offset);
            int length = (int) lengthAndType;
            int type = (int) (lengthAndType >>> 32);
            if (type == typeDue) {
                int payload = data(offset, length);
                CrashPoint.MESSAGE_FOUND.passed();
                return payload;
            }
            if (other(offset, length, type) == ENDED) {
                return ENDED;
            }
            offset = words.offset(position);
            if (!words.isStampedAcquire(position, offset)) {
                return empty();
            }
        }
    }

    private int other(int offset, int length, int type) {
        switch (type) {
            case RecordLayout.PAD -> {
                skipPadding(length);
                return EMPTY;
            }
            case RecordLayout.EOS -> {
                return ended(readEnd(offset, length));
            }
            default -> throw corrupt("record type " + (type & 0xFFFF) + " with flags " + (type >>> 16));
        }
    }

    private int data(int offset, int length) {
        if (length < 0 || length > maxMessageLength) {
            throw corrupt("message length " + length + ", at most " + maxMessageLength);
        }
        int required = RecordLayout.align(payloadOffset + length);
        if (required > endOffset - offset) {
            throw corrupt("message length " + length + " runs past the ring's end");
        }
        long number = words.sequence(offset);
        if (number != nextSequence && (nextSequence >= 0 || number < 0)) {
            throw corrupt("sequence " + number + " where " + nextSequence + " was due");
        }
        recordLength = required;
        payloadLength = length;
        sequence = number;
        if (payloadOffset == RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET) {
            timestamp = file.getLong(offset + RecordLayout.TIMESTAMP_OFFSET);
        }
        return offset + payloadOffset;
    }

    @Override
    boolean isAnythingThere() {
        return words.isStampedAcquire(position);
    }

    @Override
    void auditAt(long tail) {
        if (tail > position) {
            throw corrupt("no valid stamp although the publisher's tail is at " + tail);
        }
        if (slot.cursor() != released) {
            slot.cursorRelease(released); // only we write it: what stands there holds the publisher back for nothing
            wakePublisher();
        }
    }

    @Override
    public void advance() {
        position += recordLength;
        notEmpty();
        nextSequence = sequence + 1;
    }

    @Override
    public DirectBuffer buffer() {
        return file;
    }
}
