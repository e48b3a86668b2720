package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Gap;
import io.reactiveipc.LappedException;
import io.reactiveipc.Start;
import io.reactiveipc.SubscriberEvictedException;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a ring whose publisher may overwrite what it has not read yet: because nobody is waited for, or because whoever
 * is too slow is evicted. It hands out copies of records that it has checked to be whole, and notices by the publisher's
 * intent when it was lapped.
 *
 * <pre>
 * at the position       | intent       | means
 * ----------------------+--------------+------------------------------------------
 * the stamp due         | within a lap | a record: copied, unless it is gone by then
 * another, or garbage   | within a lap | nothing was published there yet
 * whatever              | beyond a lap | lapped: go on where {@link Gap} says
 * </pre>
 */
final class LappableReader extends AttachedReader {
    /** Each means that the ring went round between two instructions of ours; so many do not happen. */
    private static final int MAX_ATTEMPTS = 1000;

    /** So often in one poll the oldest record is tried, which the publisher is about to overwrite. */
    private static final int EDGES = 4;

    private final RecordCopy copy;
    private final Gap gap;
    private final Losses losses;
    private final boolean evicting;

    private boolean held;
    private int recordLength;
    private long nextSequence;
    private long skipTo = -1;
    private @Nullable RuntimeException failure;

    LappableReader(Attachment attachment, SubscriberSlot slot, Gap gap, Start start, Losses losses) {
        super(attachment, slot);
        this.copy = new RecordCopy(this);
        this.gap = gap;
        this.losses = losses;
        this.evicting = geometry.evicts();
        this.nextSequence = position == geometry.initialPosition() ? 0 : -1;
        switch (start.kind()) {
            case NEXT -> {
                if (!evicting && nextSequence < 0) {
                    goBehindNewest();
                }
            }
            case OLDEST -> {
                if (!evicting) {
                    goToOldest();
                }
            }
            case LATEST, LAST -> {
                goToLast(start.history());
                release(position); // what was passed over holds nobody back
            }
        }
    }

    @Override
    public int poll() {
        if (held) {
            return 0;
        }
        if (failure != null) {
            throw failure; // also if somebody who only looked has met it first
        }
        if (evicting && !isClosed() && slot.isEvicted()) {
            throw lostSlot();
        }
        for (int laps = 0; laps < MAX_ATTEMPTS; ) {
            if (words.isStampedAcquire(position)) {
                if (copy.take(position)) {
                    int found = found();
                    if (found != EMPTY) {
                        return found;
                    }
                } else {
                    lapped(laps++);
                }
            } else if (copy.isGone(position)) {
                lapped(laps++);
            } else {
                return empty();
            }
        }
        throw neverThere();
    }

    /** What was copied: a message, or the end; {@link #EMPTY} if there is none in it for the reader. */
    private int found() {
        if (copy.type() == RecordLayout.PAD) {
            skipPadding(copy.length());
            return EMPTY;
        }
        if (copy.type() == RecordLayout.EOS) {
            return ended(readEnd(words.offset(position), copy.length()));
        }
        if (copy.type() != typeDue) {
            throw corrupt("record type " + (copy.type() & 0xFFFF) + " with flags " + (copy.type() >>> 16));
        }
        if (copy.length() < 0 || copy.length() > maxMessageLength) {
            throw corrupt("message length " + copy.length() + ", at most " + maxMessageLength);
        }
        recordLength = RecordLayout.align(payloadOffset + copy.length());
        if (recordLength > roomToEnd()) {
            throw corrupt("message length " + copy.length() + " runs past the ring's end");
        }
        if (copy.sequence() < Math.max(nextSequence, 0)
                || (copy.sequence() > nextSequence && nextSequence >= 0 && skipTo < 0)) {
            throw corrupt("sequence " + copy.sequence() + " where " + nextSequence + " was due");
        }
        if (skipTo >= 0) {
            missed(copy.sequence());
        }
        payloadLength = copy.length();
        sequence = copy.sequence();
        timestamp = copy.timestamp();
        held = true;
        return 0;
    }

    /** After a jump, the first message found tells how many there were before it. */
    private void missed(long found) {
        skipTo = -1;
        if (nextSequence >= 0 && found > nextSequence) {
            long first = nextSequence;
            nextSequence = found;
            losses.onGap(this, first, found - 1);
            if (gap == Gap.ERROR) {
                failure = new LappedException(
                        "session " + geometry.sessionId() + ": the publisher overwrote messages " + first + " to "
                                + (found - 1) + " before they were read; raise the capacity, read faster, or choose"
                                + " gap(SKIP_TO_OLDEST) or delivery(LATEST)",
                        first,
                        found - 1);
                throw failure;
            }
        }
    }

    /** @param before how often, in this poll; what stands at the edge may be gone again each time, the newest is not */
    private void lapped(int before) {
        if (evicting) {
            throw lostSlot();
        }
        goTo(gap == Gap.SKIP_TO_LATEST || before >= EDGES ? newest() : oldest());
    }

    private void goTo(long where) {
        position = where;
        skipTo = where;
    }

    /** The newest message, which may be gone again by the time it is read. */
    private long newest() {
        long latest = words.latestAcquire();
        return isPossible(latest) ? latest : oldest();
    }

    /** The first record that is not gone, or the tail. */
    private long oldest() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long tail = words.tailAcquire();
            long first = Math.max(words.tailIntentAfter() - capacity, geometry.initialPosition());
            first = (first + RecordLayout.ALIGNMENT - 1) & -RecordLayout.ALIGNMENT;
            if (!isPossible(tail) || tail - first > capacity) {
                throw corrupt("the publisher's tail is at " + tail + ", its intent at " + words.tailIntentAfter());
            }
            for (long at = first; at < tail; at += RecordLayout.ALIGNMENT) {
                if (words.isStampedAcquire(at) && !copy.isGone(at)) {
                    return at;
                }
            }
            if (!copy.isGone(first)) {
                return tail; // there is nothing before it
            }
        }
        throw neverThere();
    }

    private CorruptRingException neverThere() {
        return corrupt("whatever is read is overwritten: the publisher's tail is at " + words.tailAcquire()
                + ", its intent at " + words.tailIntentAfter());
    }

    /** Begins behind the newest message, knowing the number of the one that is due: a loss before it counts too. */
    private void goBehindNewest() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long latest = words.latestAcquire(); // perhaps not in the tail yet
            if (latest < geometry.initialPosition() || latest % RecordLayout.ALIGNMENT != 0) {
                return;
            }
            position = latest;
            if (step()) {
                nextSequence = copy.sequence() + 1;
                return;
            }
        }
        throw neverThere();
    }

    /** Begins with the first record that is not gone, knowing its number. */
    private void goToOldest() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            position = attempt < EDGES ? oldest() : newest();
            if (!words.isStampedAcquire(position)) {
                nextSequence = position == geometry.initialPosition() ? 0 : -1;
                return; // there is none
            }
            if (copy.takeHeader(position)) {
                nextSequence = copy.sequence();
                return;
            }
        }
        throw neverThere();
    }

    /** Begins with the newest so many messages that were there at one moment, again if they were overwritten meanwhile. */
    private void goToLast(int count) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long kept = words.keptAcquire(geometry);
            position = isPossible(kept) ? kept : oldest();
            if (skipToLast(count, words.tailAcquire())) {
                return;
            }
        }
        throw neverThere();
    }

    private boolean skipToLast(int count, long tail) {
        long[] starts = new long[count];
        long present = 0;
        nextSequence = position == geometry.initialPosition() ? 0 : -1;
        while (position < tail) {
            long start = position;
            if (!step()) {
                if (copy.isGone(start) || position != start) {
                    return false;
                }
                break; // the end, or nothing
            }
            if (copy.type() == typeDue) {
                starts[(int) (present++ % count)] = start;
                nextSequence = copy.sequence() + 1;
            }
        }
        long begun = Math.min(count, present);
        if (begun > 0) {
            position = starts[(int) ((present - begun) % count)];
            nextSequence -= begun;
        }
        skipTo = -1;
        return true;
    }

    /** Passes one record of a sound length; false if there is none any more, or only the end. */
    private boolean step() {
        if (!words.isStampedAcquire(position) || !copy.takeHeader(position) || copy.type() == RecordLayout.EOS) {
            return false;
        }
        if (copy.length() < 0 || copy.length() > roomToEnd()) {
            throw corrupt("record of " + copy.length() + " bytes");
        }
        position += copy.type() == RecordLayout.PAD ? roomToEnd() : RecordLayout.align(payloadOffset + copy.length());
        return true;
    }

    private boolean isPossible(long where) {
        return where >= geometry.initialPosition()
                && where <= words.tailAcquire()
                && where % RecordLayout.ALIGNMENT == 0
                && where != RingLayout.NONE;
    }

    @Override
    boolean isAnythingThere() {
        return words.isStampedAcquire(position) || copy.isGone(position);
    }

    @Override
    void auditAt(long tail) {
        if (tail > position && !copy.isGone(position)) {
            throw corrupt("no valid stamp although the publisher's tail is at " + tail);
        }
    }

    @Override
    RuntimeException lostSlot() {
        failure = evicting && slot.isEvicted()
                ? new SubscriberEvictedException("session " + geometry.sessionId()
                        + ": this subscriber left its publisher no room for longer than its patience, and was evicted;"
                        + " read faster, raise the capacity, or subscribe with delivery(LATEST)")
                : super.lostSlot();
        return failure;
    }

    @Override
    public void advance() {
        held = false;
        position += recordLength;
        nextSequence = sequence + 1;
        notEmpty();
        if (evicting) {
            release(position); // it is judged by what it takes, and holds a copy anyway
        }
    }

    @Override
    public DirectBuffer buffer() {
        return copy.bytes();
    }
}
