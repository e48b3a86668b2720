package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What all readers of a ring share: a slot, how the stream ends, and the audits that find out why nothing comes. Which record
 * is next, and whether its bytes may be read where they are, is the subclass's.
 */
abstract class AttachedReader implements RingConsumer {
    /** Empty polls between two audits: rare enough to leave the publisher's lines alone while messages come quickly. */
    private static final int AUDIT_PERIOD = 1024;

    final AtomicBuffer file;
    final RingWords words;
    final SubscriberSlot slot;
    final RingGeometry geometry;
    final int capacity;
    final int typeDue;
    final int payloadOffset;
    final int maxMessageLength;
    final PublishingProcess publisher;
    private final Ringer ringer;

    long position;
    long released;
    int payloadLength;
    long sequence;
    long timestamp;

    @Nullable
    EndOfStream end;

    private int emptyPolls;
    private boolean auditDue;
    private long answeredWait;
    private boolean closed;

    AttachedReader(Attachment attachment, SubscriberSlot slot) {
        this.file = attachment.ring();
        this.words = attachment.words();
        this.slot = slot;
        this.geometry = attachment.geometry();
        this.publisher = attachment.publisher();
        this.ringer = attachment.ringer();
        this.capacity = geometry.capacity();
        this.typeDue = RecordLayout.DATA | (geometry.timestamps() ? RecordLayout.FLAG_TIMESTAMP << 16 : 0);
        this.payloadOffset =
                geometry.timestamps() ? RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET : RecordLayout.PAYLOAD_OFFSET;
        this.maxMessageLength = geometry.maxMessageLength();
        this.position = slot.start();
        this.released = slot.start();
    }

    // ---- why nothing comes ------------------------------------------------------------------------------------------

    /** Whether there is something to read after all. */
    abstract boolean isAnythingThere();

    /** What only this kind of reader can find wrong, at a tail behind which nothing was found. */
    abstract void auditAt(long tail);

    /** Nothing is there. Now and then, and before each sleep, ask why. */
    final int empty() {
        if (end != null) {
            return ENDED;
        }
        String death = publisher.death(); // SYNC R6: before the last look, so that all it committed is delivered
        if (death != null && !isAnythingThere() && isAllFinished()) {
            return ended(EndOfStream.lost(death));
        }
        if (isAuditDue()) {
            audit();
            audited();
            if (end != null) {
                return ENDED;
            }
        }
        return EMPTY;
    }

    /** Until one passes: what it throws at a last look before a sleep is thrown again after it. */
    final boolean isAuditDue() {
        auditDue |= (++emptyPolls & (AUDIT_PERIOD - 1)) == AUDIT_PERIOD / 4;
        return auditDue;
    }

    final void audited() {
        auditDue = false;
    }

    final void notEmpty() {
        emptyPolls = 0;
    }

    /** Reads lines of other owners that a poll leaves alone. */
    private void audit() {
        long finalPosition = words.finalPositionAcquire();
        long tail = words.tailAcquire();
        if (isAnythingThere()) {
            return;
        }
        if (file.getLong(RingLayout.MAGIC_OFFSET) != RingLayout.MAGIC) {
            throw corrupt("the ring's header was overwritten, or its file cut and made longer again");
        }
        if (finalPosition != RingLayout.OPEN && isBehindAll(finalPosition)) {
            if (isAllFinished()) {
                end = endBefore(finalPosition);
            }
        } else if (!slot.isHeld()) {
            throw lostSlot();
        } else {
            auditAt(tail);
        }
    }

    /** Whether this reader has taken all of a stream that ended there. */
    boolean isBehindAll(long finalPosition) {
        return finalPosition == position;
    }

    /** Whether nothing that others have may come to this reader yet. */
    boolean isAllFinished() {
        return true;
    }

    RuntimeException lostSlot() {
        return corrupt(
                slot.isEvicted()
                        ? "the publisher goes on without this subscriber, whose cursor in the slot table was overwritten"
                        : "the subscriber's slot was taken away");
    }

    // ---- records ----------------------------------------------------------------------------------------------------

    final int roomToEnd() {
        return capacity - ((int) position & (capacity - 1));
    }

    final void skipPadding(int length) {
        if (length != roomToEnd() - RecordLayout.HEADER_LENGTH) {
            throw corrupt("padding of " + length + " bytes does not reach the ring's end");
        }
        position += roomToEnd();
    }

    /** The record at the position, as an end. It is the last one, and never overwritten. */
    final EndOfStream readEnd(int offset, int length) {
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

    /** The end record of a ring that was joined behind it, or that is not read record by record. */
    private EndOfStream endBefore(long finalPosition) {
        if (finalPosition % RecordLayout.ALIGNMENT != 0) {
            throw corrupt("the stream is said to have ended at " + finalPosition);
        }
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

    final int ended(EndOfStream how) {
        end = how;
        return ENDED;
    }

    final CorruptRingException corrupt(String what) {
        return new CorruptRingException("session " + geometry.sessionId() + ", position " + position + ": " + what
                + "; this stream ends here, subscribe again to go on with sound publications");
    }

    // ---- towards the publisher --------------------------------------------------------------------------------------

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
    final void wakePublisher() {
        long waiting = words.waitingAcquire();
        if (waiting != answeredWait) {
            answeredWait = waiting;
            ringer.ring(publisher.nodeRow(), (int) (waiting & 0xFF) - 1);
        }
    }

    @Override
    public final void arm(int loop) {
        auditDue = true; // who sleeps polls too rarely to count on the number of polls
        slot.armRelease(loop);
        CrashPoint.READER_ARMED.passed();
        RingWords.storeLoadFence(); // SYNC D1: before the last look at the stamp
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            leave();
            CrashPoint.SLOT_LEFT.passed();
            wakePublisher();
        }
    }

    /** Gives the slot up. */
    void leave() {
        slot.free();
    }

    // ---- what it reads ----------------------------------------------------------------------------------------------

    @Override
    public final int length() {
        return payloadLength;
    }

    @Override
    public final long sequence() {
        return sequence;
    }

    @Override
    public final long timestampNanos() {
        return timestamp;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean isRedelivered() {
        return false;
    }

    @Override
    public @Nullable Member member() {
        return null;
    }

    @Override
    public final int capacity() {
        return capacity;
    }

    @Override
    public final EndOfStream end() {
        if (end == null) {
            throw new IllegalStateException("session " + geometry.sessionId() + " has not ended");
        }
        return end;
    }

    @Override
    public final String sessionId() {
        return geometry.sessionId();
    }

    @Override
    public final UUID node() {
        return publisher.node();
    }

    @Override
    public long lag() {
        return Math.max(0, words.tailAcquire() - slot.cursor());
    }
}
