package io.reactiveipc.shm;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.node.Reaper;
import io.reactiveipc.shm.ring.Attachment;
import io.reactiveipc.shm.ring.PublishingProcess;
import io.reactiveipc.shm.ring.RingGeometry;
import io.reactiveipc.shm.ring.RingWords;
import io.reactiveipc.shm.ring.Ringer;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mapped ring of a publication, in this process or another. */
final class ShmSession implements Session, PublishingProcess {
    private final RingFile file;
    private final RingGeometry geometry;
    private final RingWords words;
    private final Reading reading;
    private final String publisher;
    private final PeerInfo peer;
    private final Attachment attachment;
    private final Reaper reaper;
    private volatile @Nullable String death;

    /**
     * @param reading how the stream is to be read
     * @param publisher the publishing node, for a message
     * @param reaper for the slots of others that died when the publisher was gone
     */
    ShmSession(
            RingFile file, Reading reading, String publisher, PeerInfo peer, int ownRow, Ringer ringer, Reaper reaper) {
        this.reaper = reaper;
        this.file = file;
        this.reading = reading;
        this.publisher = publisher;
        this.peer = peer;
        this.geometry = geometry(file.header());
        this.words = new RingWords(file.ring(), geometry.capacity(), geometry.sessionKey());
        this.attachment = new Attachment(file.ring(), file.slots(), geometry, this, ringer, ownRow);
    }

    static RingGeometry geometry(RingHeader header) {
        return new RingGeometry(
                Long.toHexString(header.publicationId()) + "-" + header.epoch(),
                header.capacity(),
                header.sessionKey(),
                header.maxMessageLength(),
                header.maxSubscribers(),
                header.timestamps(),
                header.initialPosition(),
                header.overflow(),
                header.history());
    }

    /** Whether its words can be looked at. */
    boolean isWhole() {
        return file.isWhole();
    }

    RingHeader header() {
        return file.header();
    }

    /** The publishing process is gone: readers drain what is there, and end. */
    void lost(Instant found) {
        String evidence = "node " + publisher + ", id " + header().node() + ", was found dead at " + found
                + ": its liveness lock is free";
        death = evidence; // SYNC R6, pairs with death in the reader: read before its last look at the ring
    }

    @Override
    public @Nullable String death() {
        return death;
    }

    @Override
    public int nodeRow() {
        return header().nodeRow();
    }

    @Override
    public UUID node() {
        return header().node();
    }

    @Override
    public void freeSlotsOfDead() {
        for (int slot = 0; slot < geometry.maxSubscribers(); slot++) {
            reaper.freeSlotIfDead(file.slots(), slot);
        }
    }

    @Override
    public String id() {
        return geometry.sessionId();
    }

    @Override
    public boolean ended() {
        return death != null || words.finalPositionAcquire() != RingLayout.OPEN;
    }

    @Override
    public boolean mayOverwrite() {
        return geometry.mayOverwrite();
    }

    @Override
    public PeerInfo publisher() {
        return peer;
    }

    @Override
    public RingConsumer join(boolean fromStart, RingConsumer.Losses losses) {
        if (!file.isWhole()) {
            throw cut(null);
        }
        try {
            return attachment.join(reading, fromStart, losses);
        } catch (InternalError e) { // cut just now
            throw cut(e);
        }
    }

    private CorruptRingException cut(@Nullable InternalError cause) {
        String message = "ring " + file.path()
                + " or its slot table was cut short while it was in use; end its publication, and publish again";
        return cause == null ? new CorruptRingException(message) : new CorruptRingException(message, cause);
    }
}
