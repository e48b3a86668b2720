package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a ring. Its next record is there if and only if the stamp matches; each field is read once and checked
 * before use, because a reader trusts nothing that another process could have written.
 */
public final class RingReader implements RingConsumer {
    /** What the reader knows of the publishing process, from outside of the ring. */
    public interface Publisher {
        /** Evidence of its death, or null while it lives. Once told it stays. */
        @Nullable
        String death();

        /** The row of its node. */
        int nodeRow();

        /** Its node. */
        UUID node();
    }

    /** Empty polls between two audits: rare enough to leave the publisher's lines alone while messages come quickly. */
    private static final int AUDIT_PERIOD = 1024;

    private final AtomicBuffer file;
    private final RingWords words;
    private final SubscriberSlot slot;
    private final RingGeometry geometry;
    private final Publisher publisher;
    private final Ringer ringer;
    private final int capacity;
    private final int typeDue;
    private final int payloadOffset;
    private final int maxMessageLength;

    private long position;
    private long released;
    private long nextSequence;
    private int recordLength;
    private int payloadLength;
    private long sequence;
    private long timestamp;
    private int emptyPolls;
    private boolean auditDue;
    private long answeredWait;
    private @Nullable EndOfStream end;
    private boolean closed;

    private RingReader(
            AtomicBuffer file,
            RingWords words,
            SubscriberSlot slot,
            RingGeometry geometry,
            Publisher publisher,
            Ringer ringer) {
        this.file = file;
        this.words = words;
        this.slot = slot;
        this.geometry = geometry;
        this.publisher = publisher;
        this.ringer = ringer;
        this.capacity = geometry.capacity();
        this.typeDue = RecordLayout.DATA | (geometry.timestamps() ? RecordLayout.FLAG_TIMESTAMP << 16 : 0);
        this.payloadOffset =
                geometry.timestamps() ? RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET : RecordLayout.PAYLOAD_OFFSET;
        this.maxMessageLength = geometry.maxMessageLength();
        this.position = slot.start();
        this.released = slot.start();
        this.nextSequence = slot.start() == geometry.initialPosition() ? 0 : -1;
    }

    /**
     * Attaches to a ring.
     *
     * @param ring the whole mapped file
     * @param slots the whole mapped slot table
     * @param ringer wakes the publisher
     * @param nodeRow the row of this process's node
     * @param fromStart whether to begin at the first record, if that is still possible
     * @throws IpcException {@code TOO_MANY_SUBSCRIBERS} if all slots are taken
     * @throws CorruptRingException if the tail is none, or the slot is changed by others
     */
    public static RingReader join(
            AtomicBuffer ring,
            AtomicBuffer slots,
            RingGeometry geometry,
            Publisher publisher,
            Ringer ringer,
            int nodeRow,
            boolean fromStart) {
        SlotWords slotWords = new SlotWords(slots);
        OptionalInt claimed = SubscriberSlot.claim(slotWords, geometry.maxSubscribers(), nodeRow);
        if (claimed.isEmpty()) {
            throw new IpcException(
                    ErrorCode.TOO_MANY_SUBSCRIBERS,
                    "all " + geometry.maxSubscribers() + " subscriber slots of session " + geometry.sessionId()
                            + " are taken; cancel one, or raise maxSubscribers (at most 64) at the publisher");
        }
        RingWords words = new RingWords(ring, geometry.capacity(), geometry.sessionKey());
        SubscriberSlot slot = SubscriberSlot.activate(slotWords, claimed.getAsInt(), words, geometry, fromStart);
        if (slot.start() < geometry.initialPosition() || slot.start() % RecordLayout.ALIGNMENT != 0) {
            slot.free();
            throw new CorruptRingException("session " + geometry.sessionId() + ": the ring's tail is at " + slot.start()
                    + ", where no record ends; keep the file for a report and remove it");
        }
        RingReader reader = new RingReader(ring, words, slot, geometry, publisher, ringer);
        reader.wakePublisher();
        return reader;
    }

    @Override
    public int poll() {
        while (words.isStampedAcquire(position)) {
            int offset = words.offset(position);
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
        }
        return empty();
    }

    private int other(int offset, int length, int type) {
        switch (type) {
            case RecordLayout.PAD -> {
                skipPadding(offset, length);
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
        if (required > roomToEnd()) {
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

    private void skipPadding(int offset, int length) {
        if (length != roomToEnd() - RecordLayout.HEADER_LENGTH) {
            throw corrupt("padding of " + length + " bytes does not reach the ring's end");
        }
        position += roomToEnd();
    }

    private EndOfStream readEnd(int offset, int length) {
        if (length < 0 || length > Math.min(RingWriter.END_RESERVE, roomToEnd() - RecordLayout.HEADER_LENGTH)) {
            throw corrupt("end record of " + length + " bytes");
        }
        long tail = words.tailAcquire();
        if (tail > position + RecordLayout.recordLength(length, false)) {
            throw corrupt("an end record although the publisher's tail is at " + tail);
        }
        if (length == 0) {
            return EndOfStream.COMPLETE;
        }
        byte[] text = new byte[length];
        file.getBytes(offset + RecordLayout.PAYLOAD_OFFSET, text);
        String joined = new String(text, StandardCharsets.UTF_8);
        int zero = joined.indexOf('\0');
        return zero < 0
                ? new EndOfStream(EndOfStream.Kind.ERROR, joined, "")
                : new EndOfStream(EndOfStream.Kind.ERROR, joined.substring(0, zero), joined.substring(zero + 1));
    }

    private int roomToEnd() {
        return capacity - ((int) position & (capacity - 1));
    }

    private int ended(EndOfStream how) {
        end = how;
        return ENDED;
    }

    /** Nothing stands at the position. Now and then, and before each sleep, ask why. */
    private int empty() {
        if (end != null) {
            return ENDED;
        }
        String death = publisher.death(); // SYNC R6: before the last look, so that all it committed is delivered
        if (death != null && !words.isStampedAcquire(position)) {
            return ended(EndOfStream.lost(death));
        }
        if ((++emptyPolls & (AUDIT_PERIOD - 1)) == AUDIT_PERIOD / 4 || auditDue) {
            auditDue = true; // until one passes: what it throws at a last look before a sleep is thrown again after it
            audit();
            auditDue = false;
            if (end != null) {
                return ENDED;
            }
        }
        return EMPTY;
    }

    /** Reads lines of other owners that a poll leaves alone. */
    private void audit() {
        long finalPosition = words.finalPositionAcquire();
        long tail = words.tailAcquire();
        if (words.isStampedAcquire(position)) {
            return;
        }
        if (file.getLong(RingLayout.MAGIC_OFFSET) != RingLayout.MAGIC) {
            throw corrupt("the ring's header was overwritten, or its file cut and made longer again");
        }
        if (finalPosition == position) {
            end = endBefore(finalPosition);
        } else if (!slot.isHeld()) {
            throw corrupt(
                    slot.isEvicted()
                            ? "the publisher goes on without this subscriber, whose cursor in the slot table was overwritten"
                            : "the subscriber's slot was taken away");
        } else if (tail > position) {
            throw corrupt("no valid stamp although the publisher's tail is at " + tail);
        } else if (slot.cursor() != released) {
            slot.cursorRelease(released); // only we write it: what stands there holds the publisher back for nothing
            wakePublisher();
        }
    }

    /** The end record of a ring that was joined behind it: the last one, and never overwritten. */
    private EndOfStream endBefore(long finalPosition) {
        long first = Math.max(geometry.initialPosition(), finalPosition - RingWriter.MAX_END_RECORD);
        for (long start = finalPosition - RecordLayout.ALIGNMENT; start >= first; start -= RecordLayout.ALIGNMENT) {
            if (words.isStampedAcquire(start)) {
                int offset = words.offset(start);
                int length = file.getInt(offset + RecordLayout.LENGTH_OFFSET);
                if ((file.getInt(offset + RecordLayout.TYPE_OFFSET) & 0xFFFF) != RecordLayout.EOS
                        || start + RecordLayout.recordLength(length, false) != finalPosition) {
                    break;
                }
                position = start;
                return readEnd(offset, length);
            }
        }
        throw corrupt("the stream has ended, and no end record stands before it");
    }

    private CorruptRingException corrupt(String what) {
        return new CorruptRingException("session " + geometry.sessionId() + ", position " + position + ": " + what
                + "; this stream ends here, subscribe again to go on with sound publications");
    }

    @Override
    public void advance() {
        position += recordLength;
        emptyPolls = 0;
        nextSequence = sequence + 1;
    }

    @Override
    public void release(long upTo) {
        if (upTo > released && !closed) { // a slot that was freed has another owner by now
            released = upTo;
            slot.cursorRelease(upTo);
            CrashPoint.CURSOR_RELEASED.passed();
            wakePublisher();
        }
    }

    /** A plain load while it does not wait. Each wait of it is answered once by each reader. */
    private void wakePublisher() {
        long waiting = words.waitingAcquire();
        if (waiting != answeredWait) {
            answeredWait = waiting;
            ringer.ring(publisher.nodeRow(), (int) (waiting & 0xFF) - 1);
        }
    }

    @Override
    public void arm(int loop) {
        auditDue = true; // who sleeps polls too rarely to count on the number of polls
        slot.armRelease(loop);
        CrashPoint.READER_ARMED.passed();
        RingWords.storeLoadFence(); // SYNC D1: before the last look at the stamp
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            slot.free();
            CrashPoint.SLOT_LEFT.passed();
            wakePublisher();
        }
    }

    @Override
    public DirectBuffer buffer() {
        return file;
    }

    @Override
    public int length() {
        return payloadLength;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long timestampNanos() {
        return timestamp;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public EndOfStream end() {
        if (end == null) {
            throw new IllegalStateException("session " + geometry.sessionId() + " has not ended");
        }
        return end;
    }

    @Override
    public String sessionId() {
        return geometry.sessionId();
    }

    @Override
    public UUID node() {
        return publisher.node();
    }

    @Override
    public long lag() {
        return Math.max(0, words.tailAcquire() - slot.cursor());
    }
}
