package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Delivery;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.util.OptionalInt;
import org.agrona.concurrent.AtomicBuffer;

/**
 * How a subscriber attaches to a ring: takes a slot, finds where to begin, and gets the reader that fits what it wants and what
 * the publisher does.
 *
 * @param ring the whole mapped file
 * @param slots the whole mapped slot table
 * @param ringer wakes the publisher
 * @param nodeRow the row of this process's node
 */
public record Attachment(
        AtomicBuffer ring,
        AtomicBuffer slots,
        RingGeometry geometry,
        PublishingProcess publisher,
        Ringer ringer,
        int nodeRow) {
    /** Where in the ring. */
    enum Place {
        /** Behind all that was published. */
        TAIL,
        /** At the first record, if it is still certain to be there; else at the tail. */
        FIRST,
        /** At the oldest record that is certain to be there. */
        KEPT
    }

    /**
     * Attaches a reader.
     *
     * @param fromStart whether the ring came after the subscriber, so that its first message is still news
     * @param losses told of gaps
     * @throws IpcException {@code TOO_MANY_SUBSCRIBERS} if all slots are taken, {@code INCOMPATIBLE_STREAM} if the publisher
     *     does not offer what is wanted
     * @throws CorruptRingException if the ring's words make no sense, or the slot is changed by others
     */
    public RingConsumer join(Reading reading, boolean fromStart, RingConsumer.Losses losses) {
        checkOffered(reading);
        checkKept(reading.delivery());
        Start start = fromStart ? Start.NEXT : reading.start();
        if (reading.delivery().kind() == Delivery.Kind.LATEST) {
            return observe(fromStart || start.kind() == Start.Kind.LATEST);
        }
        Place place = place(start, fromStart);
        SubscriberSlot slot = activate(place);
        boolean attached = false;
        try {
            AttachedReader reader = reading.delivery().kind() == Delivery.Kind.QUEUE
                    ? member(slot, reading.delivery(), start)
                    : reader(slot, reading.gap(), start, losses);
            attached = true;
            return greet(reader);
        } finally {
            if (!attached) {
                slot.free(); // what is corrupt must not hold the publisher back
            }
        }
    }

    private AttachedReader reader(SubscriberSlot slot, Gap gap, Start start, RingConsumer.Losses losses) {
        if (geometry.mayOverwrite()) {
            return new LappableReader(this, slot, gap, start, losses);
        }
        return losslessReader(slot, start);
    }

    private RingReader losslessReader(SubscriberSlot slot, Start start) {
        RingReader reader = new RingReader(this, slot);
        if (start.history() > 0) {
            reader.skipToLast(start.history(), words().tailAcquire());
        }
        return reader;
    }

    /** Holds the publisher back where it would begin, then comes into the group, which has its own place if it is there. */
    private QueueReader member(SubscriberSlot slot, Delivery delivery, Start start) {
        QueueGroup group = QueueGroup.named(slots, delivery.group());
        long first = losslessReader(slot, start).position();
        if (first > GroupLayout.MAX_POSITION - geometry.capacity()) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_STREAM,
                    "delivery(" + delivery + ") of session " + geometry.sessionId() + " at position " + first
                            + ": queue groups go up to " + GroupLayout.MAX_POSITION + "; publish anew");
        }
        return new QueueReader(this, slot.enter(group, first), group, delivery.isAtMostOnce());
    }

    /** A reader of a ring that loses nothing, at the first record if possible or at the tail. */
    public RingReader join(boolean fromStart) {
        return greet(new RingReader(this, activate(place(Start.NEXT, fromStart))));
    }

    private static Place place(Start start, boolean fromStart) {
        if (start.kind() == Start.Kind.NEXT) {
            return fromStart ? Place.FIRST : Place.TAIL;
        }
        return Place.KEPT;
    }

    private void checkOffered(Reading reading) {
        if (reading.start().history() > geometry.history()) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_STREAM,
                    "start(last(" + reading.start().history() + ")) of session " + geometry.sessionId()
                            + ": its publisher keeps " + geometry.history()
                            + "; ask for fewer, or publish with history("
                            + reading.start().history() + ")");
        }
    }

    private void checkKept(Delivery delivery) {
        if (delivery.kind() == Delivery.Kind.QUEUE && geometry.mayOverwrite()) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_STREAM,
                    "delivery(" + delivery + ") of session " + geometry.sessionId() + ", which has overflow "
                            + geometry.overflow()
                            + ": what a member has not finished would be overwritten; publish with"
                            + " WAIT or FAIL, or use delivery(BROADCAST)");
        }
    }

    private LatestReader observe(boolean withLast) {
        SubscriberSlot slot = SubscriberSlot.observe(new SlotWords(slots), claim());
        return greet(new LatestReader(this, slot, withLast));
    }

    private SubscriberSlot activate(Place place) {
        SubscriberSlot slot = SubscriberSlot.activate(new SlotWords(slots), claim(), words(), geometry, place);
        if (slot.start() < geometry.initialPosition() || slot.start() % RecordLayout.ALIGNMENT != 0) {
            slot.free();
            throw new CorruptRingException("session " + geometry.sessionId() + ": the ring's tail is at " + slot.start()
                    + ", where no record ends; keep the file for a report and remove it");
        }
        return slot;
    }

    private int claim() {
        OptionalInt claimed = SubscriberSlot.claim(new SlotWords(slots), geometry.maxSubscribers(), nodeRow);
        return claimed.orElseThrow(() -> new IpcException(
                ErrorCode.TOO_MANY_SUBSCRIBERS,
                "all " + geometry.maxSubscribers() + " subscriber slots of session " + geometry.sessionId()
                        + " are taken; cancel one, or raise maxSubscribers (at most 64) at the publisher"));
    }

    /** Tells the publisher, who may wait for somebody to come. */
    private static <R extends AttachedReader> R greet(R reader) {
        reader.wakePublisher();
        return reader;
    }

    RingWords words() {
        return new RingWords(ring, geometry.capacity(), geometry.sessionKey());
    }
}
