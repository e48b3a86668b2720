package io.reactiveipc.test;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.ring.RingGeometry;
import io.reactiveipc.shm.ring.SlotWords;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.StreamDefinition;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.agrona.concurrent.AtomicBuffer;

/** The two files of a ring, in memory. */
final class MemoryRing {
    private static final UUID NO_BOOT = new UUID(0, 0);

    private final RingHeader header;
    private final RingGeometry geometry;
    private final MemoryDataPlane publisher;
    private final AtomicBuffer bytes;
    private final AtomicBuffer slots;
    private final Set<Long> overwritten = ConcurrentHashMap.newKeySet();
    private volatile long newest = -1;

    private MemoryRing(RingHeader header, MemoryDataPlane publisher) {
        this.header = header;
        this.geometry = geometry(header);
        this.publisher = publisher;
        this.bytes = Memory.wrap(ByteBuffer.allocateDirect((int) header.fileLength()));
        this.slots = Memory.wrap(ByteBuffer.allocateDirect(SlotLayout.FILE_LENGTH));
        ByteBuffer page = header.write();
        bytes.putBytes(0, page, 0, page.capacity());
    }

    /** A ring that nothing was written to. */
    static MemoryRing create(
            StreamDefinition stream, int capacity, long epoch, MemoryDataPlane publisher, Random random) {
        stream.checkHistoryIn(capacity); // it may be another publisher's, and too small for the history
        RingHeader header = new RingHeader(
                stream.name(),
                stream.typeId(),
                random.nextLong(),
                epoch,
                random.nextLong() | 1,
                publisher.self().node(),
                publisher.row(),
                NO_BOOT,
                capacity,
                stream.maxMessageLengthIn(capacity),
                stream.maxSubscribers(),
                stream.timestamps(),
                0,
                stream.publishing().overflow().kind(),
                stream.publishing().history());
        return new MemoryRing(header, publisher);
    }

    RingHeader header() {
        return header;
    }

    RingGeometry geometry() {
        return geometry;
    }

    MemoryDataPlane publisher() {
        return publisher;
    }

    /** The header page and the data. */
    AtomicBuffer bytes() {
        return bytes;
    }

    /** The slot table. */
    AtomicBuffer slots() {
        return slots;
    }

    /** Whether readers are passed by, and not waited for. */
    boolean isOverwriting() {
        return header.overflow() == Overflow.Kind.OVERWRITE_OLDEST;
    }

    /**
     * Another message is about to be written, by the one thread that does.
     *
     * @param lost whether readers are to find it overwritten
     */
    void write(boolean lost) {
        long sequence = newest + 1;
        if (lost) {
            overwritten.add(sequence);
        }
        newest = sequence;
    }

    boolean isOverwritten(long sequence) {
        return !overwritten.isEmpty() && overwritten.contains(sequence);
    }

    /** The sequence of the newest message. */
    long newest() {
        return newest;
    }

    private static RingGeometry geometry(RingHeader header) {
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

    /** @throws IpcException if the ring is of another type or capacity than the definition says */
    void requireFit(StreamDefinition stream) {
        if (!stream.typeId().equals(header.typeId())) {
            throw incompatible(stream, "type", "\"" + stream.typeId() + "\"", "\"" + header.typeId() + "\"");
        }
        if (stream.capacity() != 0 && stream.capacity() != header.capacity()) {
            throw incompatible(stream, "capacity", stream.capacity() + "", header.capacity() + "");
        }
    }

    private static IpcException incompatible(StreamDefinition stream, String what, String here, String there) {
        return new IpcException(
                ErrorCode.INCOMPATIBLE_STREAM,
                "stream \"" + stream.name() + "\" has " + what + " " + there + " at its publisher, and " + here
                        + " was asked for here; use the same " + what + " on both sides, or another name");
    }

    /** Frees the slots of the nodes in the rows that match, as the reaper of dead nodes does. */
    static void freeSlots(AtomicBuffer slots, IntPredicate rows) {
        for (int slot = 0; slot < SlotLayout.SLOT_COUNT; slot++) {
            long word = slots.getLongVolatile(SlotLayout.wordOffset(slot));
            if (SlotLayout.state(word) != SlotLayout.FREE && rows.test(SlotLayout.nodeRow(word))) {
                new SlotWords(slots).reclaim(slot, word);
            }
        }
    }
}
