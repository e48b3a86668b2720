package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import org.agrona.DirectBuffer;

/**
 * A reader of the newest message only, of whatever ring. The publisher never waits for it. A poll gives the newest message
 * if it was not taken yet, also in place of one that was found by an earlier poll and not taken.
 */
final class LatestReader extends AttachedReader {
    private final RecordCopy copy;
    private long taken;
    private long found = RingLayout.NONE;

    /** @param withLast whether the newest message there is counts as not taken */
    LatestReader(Attachment attachment, SubscriberSlot slot, boolean withLast) {
        super(attachment, slot);
        this.copy = new RecordCopy(this);
        this.taken = withLast ? RingLayout.NONE : words.latestAcquire();
    }

    @Override
    public int poll() {
        long latest = words.latestAcquire();
        while (latest != taken && latest != found) {
            require(latest);
            position = latest;
            if (words.isStampedAcquire(latest) && copy.take(latest)) {
                check();
                found = latest;
                return 0;
            }
            long newer = words.latestAcquire();
            if (newer == latest) { // the newest one is never overwritten
                throw corrupt("no valid stamp at the newest message");
            }
            latest = newer;
        }
        return found == RingLayout.NONE ? empty() : 0;
    }

    private void require(long latest) {
        if (latest < geometry.initialPosition() || latest % RecordLayout.ALIGNMENT != 0) {
            throw corrupt("the newest message is said to be at " + latest);
        }
    }

    private void check() {
        if (copy.type() != typeDue) {
            throw corrupt("record type " + (copy.type() & 0xFFFF) + " with flags " + (copy.type() >>> 16));
        }
        if (copy.length() < 0
                || copy.length() > maxMessageLength
                || RecordLayout.align(payloadOffset + copy.length()) > roomToEnd()) {
            throw corrupt("message length " + copy.length() + ", at most " + maxMessageLength);
        }
        payloadLength = copy.length();
        sequence = copy.sequence();
        timestamp = copy.timestamp();
    }

    @Override
    boolean isAnythingThere() {
        return words.latestAcquire() != taken;
    }

    @Override
    boolean isBehindAll(long finalPosition) {
        return !isAnythingThere();
    }

    @Override
    void auditAt(long tail) {
        // it waits for nobody, and nobody for it
    }

    @Override
    public void advance() {
        taken = found;
        found = RingLayout.NONE;
        notEmpty();
    }

    @Override
    public void release(long upTo) {
        // nothing is held
    }

    @Override
    public long lag() {
        return 0;
    }

    @Override
    public DirectBuffer buffer() {
        return copy.bytes();
    }
}
