package io.reactiveipc.test;

import io.reactiveipc.Delivery;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.ring.Attachment;
import io.reactiveipc.shm.ring.PublishingProcess;
import io.reactiveipc.shm.ring.RingWords;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ring as a node that reads it sees it. */
final class MemorySession implements Session, PublishingProcess {
    private final MemoryRing ring;
    private final MemoryDataPlane reader;
    private final Reading reading;
    private final RingWords words;

    MemorySession(MemoryRing ring, MemoryDataPlane reader, Reading reading) {
        this.ring = ring;
        this.reader = reader;
        this.reading = reading;
        this.words = new RingWords(
                ring.bytes(), ring.geometry().capacity(), ring.geometry().sessionKey());
    }

    MemoryRing ring() {
        return ring;
    }

    @Override
    public String id() {
        return ring.geometry().sessionId();
    }

    @Override
    public UUID node() {
        return ring.header().node();
    }

    @Override
    public int nodeRow() {
        return ring.header().nodeRow();
    }

    @Override
    public @Nullable String death() {
        return ring.publisher().death();
    }

    @Override
    public void freeSlotsOfDead() {
        MemoryRing.freeSlots(ring.slots(), row -> reader.registry().isFree(row));
    }

    @Override
    public boolean ended() {
        return death() != null || words.finalPositionAcquire() != RingLayout.OPEN;
    }

    @Override
    public boolean mayOverwrite() {
        return ring.geometry().mayOverwrite();
    }

    @Override
    public PeerInfo publisher() {
        return ring.publisher().self();
    }

    @Override
    public RingConsumer join(boolean fromStart, RingConsumer.Losses losses) {
        Attachment attachment =
                new Attachment(ring.bytes(), ring.slots(), ring.geometry(), this, reader::ring, reader.row());
        RingConsumer consumer = reader.track(this, attachment.join(reading, fromStart, losses));
        boolean lappable = ring.isOverwriting() && reading.delivery() == Delivery.BROADCAST;
        return lappable ? new LappedConsumer(consumer, ring, reading.gap(), losses) : consumer;
    }
}
