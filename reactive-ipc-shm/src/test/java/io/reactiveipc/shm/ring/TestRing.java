package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** A ring in plain memory, to be brought into any state by hand. */
final class TestRing implements PublishingProcess {
    static final int CAPACITY = 64 * 1024;
    static final long KEY = 0x5DEE_CE66_D1CE_4E5BL;

    final AtomicBuffer ring;
    final AtomicBuffer slots = Memory.wrap(ByteBuffer.allocateDirect(SlotLayout.FILE_LENGTH));
    final RingGeometry geometry;
    final RingWriter writer;

    @Nullable
    String death;

    TestRing(long initialPosition, int maxSubscribers, boolean timestamps) {
        this(initialPosition, maxSubscribers, timestamps, Overflow.WAIT, 1);
    }

    TestRing(long initialPosition, int maxSubscribers, boolean timestamps, Overflow overflow, int history) {
        this(CAPACITY, initialPosition, maxSubscribers, timestamps, overflow, history);
    }

    private TestRing(
            int capacity,
            long initialPosition,
            int maxSubscribers,
            boolean timestamps,
            Overflow overflow,
            int history) {
        ring = Memory.wrap(ByteBuffer.allocateDirect(RingLayout.HEADER_LENGTH + capacity));
        geometry = new RingGeometry(
                "test-1",
                capacity,
                KEY,
                capacity / 8,
                maxSubscribers,
                timestamps,
                initialPosition,
                overflow.kind(),
                history);
        ring.putLong(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
        ring.putLongRelease(RingLayout.TAIL_OFFSET, initialPosition);
        ring.putLong(RingLayout.LATEST_OFFSET, RingLayout.NONE);
        ring.putLongRelease(RingLayout.FINAL_POSITION_OFFSET, RingLayout.OPEN);
        writer = new RingWriter(
                ring,
                slots,
                geometry,
                (row, loop) -> {},
                overflow.patience(),
                row -> new PeerInfo(new UUID(0, row), "row " + row, 1, Instant.EPOCH),
                () -> {});
    }

    /** Of another capacity than all others. */
    static TestRing ofCapacity(int capacity) {
        return new TestRing(capacity, 0, 4, false, Overflow.WAIT, 1);
    }

    TestRing(long initialPosition) {
        this(initialPosition, 4, false);
    }

    TestRing() {
        this(0);
    }

    RingReader join(boolean fromStart) {
        return join(slots, fromStart);
    }

    RingReader join(AtomicBuffer slots, boolean fromStart) {
        return attachment(slots).join(fromStart);
    }

    /** A reader that may be lapped, or evicted, where the overflow says so. */
    RingConsumer join(Start start, Gap gap, RingConsumer.Losses losses) {
        return attachment(slots).join(new Reading(start, gap, Delivery.BROADCAST, 0, false), false, losses);
    }

    Attachment attachment(AtomicBuffer slots) {
        return new Attachment(ring, slots, geometry, this, (row, loop) -> {}, 5);
    }

    @Override
    public @Nullable String death() {
        return death;
    }

    @Override
    public int nodeRow() {
        return 3;
    }

    @Override
    public UUID node() {
        return new UUID(0, 3);
    }

    /** Writes a message whose bytes all are its seed. */
    boolean offer(int length, int seed) {
        int index = writer.tryClaim(length);
        if (index == RingWriter.FULL) {
            return false;
        }
        ring.setMemory(index, length, (byte) seed);
        writer.commit(length);
        return true;
    }

    /** The same within a batch, where it needs no look at anything. */
    boolean offerAtHand(int length, int seed) {
        int index = writer.tryClaimInBatch(length);
        if (index == RingWriter.FULL) {
            return false;
        }
        ring.setMemory(index, length, (byte) seed);
        writer.commitInBatch(length);
        return true;
    }

    /** The same by the stage. */
    boolean offerStaged(int length, int seed) {
        if (!writer.openStage(length)) {
            return false;
        }
        writer.stagingBuffer().setMemory(writer.tryClaimStaged(length), length, (byte) seed);
        writer.commitStaged(length);
        return true;
    }

    /** Reads the next message, which is one that was offered. */
    void take(RingConsumer reader, int length, int seed, long number) {
        int index = reader.poll();
        assertThat(index).as("message %d", number).isNotNegative();
        assertThat(reader.length()).isEqualTo(length);
        assertThat(reader.sequence()).isEqualTo(number);
        for (int i = 0; i < length; i++) {
            if (reader.buffer().getByte(index + i) != (byte) seed) {
                throw new AssertionError("byte " + i + " of message " + number);
            }
        }
        reader.advance();
        reader.release(reader.position());
    }

    /** Reads so many messages, whatever they are. */
    static void takeEmpty(RingReader reader, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(reader.poll()).isNotNegative();
            reader.advance();
        }
        reader.release(reader.position());
    }

    /** Polls as long as it takes to look at what a poll leaves alone. */
    static int pollThroughAudit(RingReader reader) {
        int result = RingConsumer.EMPTY;
        for (int i = 0; i < 1025 && result == RingConsumer.EMPTY; i++) {
            result = reader.poll();
        }
        return result;
    }

    /** Where in the file the record of a position starts. */
    static int offset(long position) {
        return RingLayout.offset(position, CAPACITY);
    }

    static int stampOffset(long position) {
        return offset(position) + RecordLayout.STAMP_OFFSET;
    }

    int slotState(int slot) {
        return SlotLayout.state(slotWord(slot));
    }

    long slotWord(int slot) {
        return slots.getLongAcquire(SlotLayout.wordOffset(slot));
    }
}
