package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.LappedException;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.SubscriberEvictedException;
import io.reactiveipc.fuzz.FuzzInput;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** A small ring in plain memory with its writer, into whose bytes an input writes what it likes. */
final class FuzzedRing implements PublishingProcess {
    static final int CAPACITY = 8192;
    static final int MAX_MESSAGE = CAPACITY / 8;
    static final int SLOTS = 3;
    private static final long KEY = 0x5DEE_CE66_D1CE_4E5BL;
    private static final UUID NODE = new UUID(0, 3);
    private static final ThreadLocal<AtomicBuffer[]> MEMORY = ThreadLocal.withInitial(() -> new AtomicBuffer[] {
        Memory.wrap(ByteBuffer.allocateDirect(RingLayout.HEADER_LENGTH + CAPACITY)),
        Memory.wrap(ByteBuffer.allocateDirect(SlotLayout.FILE_LENGTH))
    });

    final AtomicBuffer ring = MEMORY.get()[0];
    final AtomicBuffer slots = MEMORY.get()[1];
    final RingGeometry geometry;
    final RingWords words;
    final RingWriter writer;
    private boolean ended;

    @Nullable
    String death;

    FuzzedRing(FuzzInput input) {
        this(input, Overflow.Kind.WAIT);
    }

    FuzzedRing(FuzzInput input, Overflow.Kind overflow) {
        ring.setMemory(0, ring.capacity(), (byte) 0);
        slots.setMemory(0, slots.capacity(), (byte) 0);
        long initial =
                switch (input.below(5)) {
                    case 0 -> 0;
                    case 1 -> CAPACITY - 64;
                    case 2 -> (1L << 62) - 32;
                    case 3 -> Long.MAX_VALUE - (1L << 40) + 1;
                    default -> (long) input.u16() * RecordLayout.ALIGNMENT;
                };
        boolean timestamps = input.below(2) == 1;
        geometry = new RingGeometry(
                "fuzzed",
                CAPACITY,
                KEY,
                MAX_MESSAGE,
                SLOTS,
                timestamps,
                initial,
                overflow,
                overflow == Overflow.Kind.WAIT ? 1 : 3);
        words = new RingWords(ring, CAPACITY, KEY);
        ring.putLong(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
        ring.putLong(RingLayout.TAIL_OFFSET, initial);
        ring.putLong(RingLayout.RETAINED_OFFSET, initial);
        ring.putLong(RingLayout.LATEST_OFFSET, RingLayout.NONE);
        ring.putLong(RingLayout.FINAL_POSITION_OFFSET, RingLayout.OPEN);
        writer = new RingWriter(
                ring,
                slots,
                geometry,
                (row, loop) -> {},
                Duration.ZERO,
                row -> new PeerInfo(NODE, "evicted", 1, Instant.EPOCH),
                () -> {});
    }

    @Nullable
    RingReader join(boolean fromStart) {
        try {
            return new Attachment(ring, slots, geometry, this, (row, loop) -> {}, 5).join(fromStart);
        } catch (io.reactiveipc.IpcException e) {
            return null; // all slots are taken, or written to
        }
    }

    @Nullable
    RingConsumer join(StreamDefinition.Reading reading, boolean fromStart) {
        try {
            return new Attachment(ring, slots, geometry, this, (row, loop) -> {}, 5)
                    .join(reading, fromStart, (consumer, first, last) -> {});
        } catch (io.reactiveipc.IpcException e) {
            return null; // all slots are taken, or written to, or the ring is corrupt
        }
    }

    /** Whether there was room for a message of that length. */
    boolean offer(int length) {
        int index = ended ? RingWriter.FULL : writer.tryClaim(length);
        if (index == RingWriter.FULL) {
            return false;
        }
        ring.setMemory(index, length, (byte) length);
        writer.commit(length);
        return true;
    }

    void end(boolean error) {
        if (!ended) {
            ended = true;
            writer.end(error ? new EndOfStream(EndOfStream.Kind.ERROR, "type", "message") : EndOfStream.COMPLETE);
        }
    }

    /** A place for a record. */
    static int anyRecord(FuzzInput input) {
        return RingLayout.offset(input.below(256) * (long) RecordLayout.ALIGNMENT, CAPACITY);
    }

    /**
     * One of the things that may happen to any ring: messages, its end, and bytes that no publisher writes.
     *
     * @param event 0 to 11
     * @param record {@link #anyRecord}
     */
    void happen(int event, int record, FuzzInput input) {
        switch (event) {
            case 0 -> offer(input.below(200));
            case 1 -> offer(input.below(MAX_MESSAGE + 1));
            case 2 -> end(input.below(2) == 1);
            case 3 -> ring.putInt(record + RecordLayout.LENGTH_OFFSET, number(input));
            case 4 -> ring.putShort(record + RecordLayout.TYPE_OFFSET, (short) input.below(8));
            case 5 -> ring.putShort(record + RecordLayout.FLAGS_OFFSET, (short) input.below(4));
            case 6 -> ring.putLong(record + RecordLayout.SEQUENCE_OFFSET, number(input));
            case 7 -> stamp(input.below(600) - 300L);
            case 8 -> ring.putLong(RingLayout.TAIL_OFFSET, near(input));
            case 9 -> ring.putLong(RingLayout.FINAL_POSITION_OFFSET, near(input));
            case 10 -> ring.putBytes(record, input.rest(RecordLayout.ALIGNMENT));
            case 11 -> death = "killed";
            default -> throw new IllegalArgumentException("event " + event);
        }
    }

    private static int number(FuzzInput input) {
        return (int) input.oddNumber(0, -1, 1, MAX_MESSAGE, CAPACITY, 1024, 2048);
    }

    /** A position near the tail, or an odd one. */
    long near(FuzzInput input) {
        return input.oddNumber(0, -1, writer.position(), writer.position() + 32, geometry.initialPosition());
    }

    /** Makes whatever stands at a position near the tail a record. */
    private void stamp(long records) {
        long tail = writer.position() & -RecordLayout.ALIGNMENT; // whatever was written there
        words.stampRelease(tail + records * RecordLayout.ALIGNMENT);
    }

    /** With the slot table as it is now: the publisher goes on until it is held back by somebody who could be reading. */
    void assertHeldBackByWhatCouldBeOnly() {
        long start = writer.position();
        while (offer(8) && writer.position() - start <= 3L * CAPACITY) {
            // on
        }
        boolean held = false;
        for (int slot = 0; slot < SLOTS; slot++) {
            held |= holds(slots.getLong(SlotLayout.wordOffset(slot)), slot);
        }
        for (int group = 0; group < GroupLayout.GROUP_COUNT; group++) {
            long claim = slots.getLong(GroupLayout.claimOffset(group));
            if (slots.getLong(GroupLayout.keyOffset(group)) == 0) {
                break;
            }
            held |= GroupLayout.isAlive(claim) && requirePossible(GroupLayout.position(claim));
        }
        assertThat(writer.position() - start > 3L * CAPACITY)
                .as("goes on, without anybody who could be reading")
                .isEqualTo(!held);
    }

    private boolean holds(long word, int slot) {
        return switch (SlotLayout.state(word)) {
            case SlotLayout.ACTIVE, SlotLayout.ENTERING ->
                requirePossible(slots.getLong(SlotLayout.cursorOffset(slot)));
            case SlotLayout.MEMBER, SlotLayout.LEAVING, SlotLayout.RETURNED -> {
                boolean held = false;
                for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
                    long value = slots.getLong(SlotLayout.entryOffset(slot, entry));
                    held |= GroupLayout.isHeld(value) && requirePossible(GroupLayout.entryPosition(value));
                }
                yield held;
            }
            default -> false;
        };
    }

    private boolean requirePossible(long position) {
        long tail = writer.position();
        assertThat(position % RecordLayout.ALIGNMENT).isZero();
        assertThat(position).isBetween(tail - CAPACITY, tail);
        return true;
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Reads all there is, and checks that it lies within the ring.
     *
     * @return how it ended, or null if the ring is corrupt
     */
    static @Nullable Integer drain(RingConsumer reader) {
        int messages = 0;
        int empty = 0;
        try {
            while (true) {
                int index = reader.poll();
                if (index == RingConsumer.ENDED) {
                    reader.end();
                    return index;
                }
                if (index == RingConsumer.EMPTY) {
                    if (++empty > 2) {
                        return index;
                    }
                    reader.arm(0); // has the next poll look at all words
                    continue;
                }
                if (++messages > 2 * CAPACITY / RecordLayout.ALIGNMENT) {
                    throw new AssertionError("more messages than fit");
                }
                check(reader, index);
                reader.advance();
                reader.release(reader.position());
            }
        } catch (CorruptRingException | LappedException | SubscriberEvictedException e) {
            reader.close();
            return null;
        }
    }

    static void check(RingConsumer reader, int index) {
        int length = reader.length();
        int first = reader instanceof RingReader ? RingLayout.HEADER_LENGTH : 0; // else it is a copy
        if (index < first
                || length < 0
                || length > MAX_MESSAGE
                || index + length > reader.buffer().capacity()) {
            throw new AssertionError("message of " + length + " bytes at " + index);
        }
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
        return NODE;
    }
}
