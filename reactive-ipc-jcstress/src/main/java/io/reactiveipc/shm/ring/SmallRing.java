package io.reactiveipc.shm.ring;

import io.reactiveipc.Overflow;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.RingProducer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** A ring and its slot table in plain memory, smaller than any file, since a test makes many thousands. */
class SmallRing implements PublishingProcess {
    /** Bytes of a record with one long of payload. */
    static final int RECORD = RecordLayout.recordLength(Long.BYTES, false);

    private static final UUID NODE = new UUID(1, 2);
    private static final long KEY = 0x5EED_F00D_CAFE_D00DL;
    private static final int CHUNK = 1 << 20;
    private static final ThreadLocal<ByteBuffer> CHUNKS = ThreadLocal.withInitial(() -> ByteBuffer.allocate(0));

    final int capacity;
    final AtomicBuffer file;
    final AtomicBuffer slotFile;
    final RingGeometry geometry;
    final RingWords words;
    final SlotWords slots;
    final RingWriter writer;
    volatile @Nullable String death;

    /** @param capacity more than 2048 bytes, which the writer keeps for the end */
    SmallRing(int capacity) {
        this(capacity, 1, SlotLayout.HEADER_LENGTH + SlotLayout.SLOT_LENGTH);
    }

    /** @param slotFileLength as long as a file's where there are groups, which look at all slots */
    SmallRing(int capacity, int maxSubscribers, int slotFileLength) {
        this.capacity = capacity;
        this.file = memory(RingLayout.HEADER_LENGTH + capacity);
        this.slotFile = memory(slotFileLength);
        this.geometry = new RingGeometry("small", capacity, KEY, capacity / 4, maxSubscribers, false, 0, overflow(), 1);
        file.putLong(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
        file.putLong(RingLayout.LATEST_OFFSET, RingLayout.NONE);
        file.putLong(RingLayout.FINAL_POSITION_OFFSET, RingLayout.OPEN);
        this.words = new RingWords(file, capacity, KEY);
        this.slots = new SlotWords(slotFile);
        this.writer = new RingWriter(
                file,
                slotFile,
                geometry,
                (row, loop) -> {},
                Duration.ZERO,
                row -> {
                    throw new AssertionError("nobody is evicted");
                },
                () -> {});
    }

    /** Many states share a chunk: direct memory is slow to allocate. */
    static AtomicBuffer memory(int length) {
        ByteBuffer chunk = CHUNKS.get();
        if (chunk.remaining() < length) {
            chunk = ByteBuffer.allocateDirect(CHUNK).alignedSlice(Long.BYTES);
            CHUNKS.set(chunk);
        }
        ByteBuffer slice = chunk.slice(chunk.position(), length);
        chunk.position(chunk.position() + length);
        return Memory.wrap(slice);
    }

    Overflow.Kind overflow() {
        return Overflow.Kind.WAIT;
    }

    final Attachment attachment() {
        return new Attachment(file, slotFile, geometry, this, (row, loop) -> {}, 1);
    }

    RingReader join(boolean fromStart) {
        return attachment().join(fromStart);
    }

    /** Writes one long; false if there is no room. */
    final boolean write(long value) {
        int index = writer.tryClaim(Long.BYTES);
        if (index == RingProducer.FULL) {
            return false;
        }
        file.putLong(index, value);
        writer.commit(Long.BYTES);
        return true;
    }

    /** Moves the writer on by one record of so many bytes. */
    final void fill(int bytes) {
        int length = bytes - RecordLayout.HEADER_LENGTH;
        writer.tryClaim(length);
        writer.commit(length);
    }

    /** Writes until there is no room, and says whether that was in time for a reader that started there. */
    final boolean respects(long start) {
        while (write(0)) {
            // on
        }
        return words.tailAcquire() <= start + capacity - RingWriter.END_RESERVE;
    }

    @Override
    public @Nullable String death() {
        return death;
    }

    @Override
    public int nodeRow() {
        return 0;
    }

    @Override
    public UUID node() {
        return NODE;
    }
}
