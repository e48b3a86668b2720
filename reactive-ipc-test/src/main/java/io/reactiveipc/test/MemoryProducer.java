package io.reactiveipc.test;

import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.ring.RingWriter;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingProducer;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;

/** The writer of a ring in memory, whose node may be stopped or dead, and whose stream may be in trouble. */
final class MemoryProducer implements RingProducer {
    private static final int NO_LENGTH = -1;

    private final RingWriter writer;
    private final MemoryRing ring;
    private final StreamFaults faults;
    private int claimed;
    private boolean inBatch;

    MemoryProducer(RingWriter writer, MemoryRing ring, StreamFaults faults) {
        this.writer = writer;
        this.ring = ring;
        this.faults = faults;
    }

    private boolean isShut() {
        return faults.isKeptFull() || !ring.publisher().runs();
    }

    private boolean isDead() {
        return ring.publisher().isCrashed();
    }

    @Override
    public int tryClaim(int length) {
        claimed = isShut() ? FULL : writer.tryClaim(length);
        return claimed;
    }

    @Override
    public int tryClaimInBatch(int length) {
        claimed = isShut() ? FULL : writer.tryClaimInBatch(length);
        return claimed;
    }

    @Override
    public void commit(int length) {
        if (isDead()) {
            return;
        }
        ring.write(ring.isOverwriting() && faults.takeOverwriting());
        if (!faults.takeCorruption()) {
            writer.commit(length);
        } else if (inBatch) {
            commitCorrupted(length);
        } else {
            writer.beginBatch(); // so that no reader sees the record before it is spoilt
            commitCorrupted(length);
            writer.endBatch();
        }
    }

    @Override
    public void commitInBatch(int length) {
        commit(length);
    }

    /** Nothing is staged: faults are put into records where they stand in the ring. */
    @Override
    public boolean openStage(int length) {
        return false;
    }

    @Override
    public int tryClaimStaged(int length) {
        return RingProducer.super.tryClaimStaged(length);
    }

    @Override
    public void commitStaged(int length) {
        RingProducer.super.commitStaged(length);
    }

    @Override
    public MutableDirectBuffer stagingBuffer() {
        return RingProducer.super.stagingBuffer();
    }

    private void commitCorrupted(int length) {
        writer.commit(length);
        int payloadOffset =
                ring.header().timestamps() ? RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET : RecordLayout.PAYLOAD_OFFSET;
        ring.bytes().putInt(claimed - payloadOffset + RecordLayout.LENGTH_OFFSET, NO_LENGTH);
    }

    @Override
    public void beginBatch() {
        inBatch = true;
        writer.beginBatch();
    }

    @Override
    public void endBatch() {
        inBatch = false;
        if (!isDead()) {
            writer.endBatch();
        }
    }

    @Override
    public MutableDirectBuffer buffer() {
        return writer.buffer();
    }

    @Override
    public int maxMessageLength() {
        return writer.maxMessageLength();
    }

    @Override
    public int capacity() {
        return writer.capacity();
    }

    @Override
    public int recordLength(int messageLength) {
        return writer.recordLength(messageLength);
    }

    @Override
    public long room(long least, long wanted) {
        return isShut() ? 0 : writer.room(least, wanted);
    }

    @Override
    public long messages() {
        return writer.messages();
    }

    @Override
    public long position() {
        return writer.position();
    }

    @Override
    public boolean isDrainedTo(long position) {
        return writer.isDrainedTo(position);
    }

    @Override
    public String sessionId() {
        return writer.sessionId();
    }

    @Override
    public int subscriberCount() {
        return writer.subscriberCount();
    }

    @Override
    public int blockedBy(int messageLength) {
        return writer.blockedBy(messageLength);
    }

    @Override
    public void onEviction(Consumer<PeerInfo> listener) {
        writer.onEviction(listener);
    }

    @Override
    public long freeBytes() {
        return isShut() ? 0 : writer.freeBytes();
    }

    @Override
    public void arm(int loop) {
        if (!isDead()) {
            writer.arm(loop);
        }
    }

    @Override
    public void end(EndOfStream end) {
        if (!isDead()) {
            writer.end(end);
        }
    }

    @Override
    public void close() {
        if (!isDead()) {
            writer.close();
        }
    }
}
