package io.reactiveipc.shm.ring;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.fuzz.FuzzInput;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import org.jspecify.annotations.Nullable;

/** A reader that may be lapped, or takes the newest only, of whatever bytes: messages within
 * bounds or an exception that says why not, always in so many steps. */
class LappedWalkerFuzz {
    @FuzzTest
    void readsOrSaysThatTheRingIsCorrupt(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzedRing ring =
                new FuzzedRing(input, input.below(2) == 0 ? Overflow.Kind.OVERWRITE_OLDEST : Overflow.Kind.EVICT_SLOW);
        RingConsumer reader = ring.join(reading(input), true);
        while (input.hasMore()) {
            reader = step(ring, reader, input);
        }
        if (reader != null) {
            FuzzedRing.drain(reader);
        }
    }

    private static @Nullable RingConsumer step(FuzzedRing ring, @Nullable RingConsumer reader, FuzzInput input) {
        int record = RingLayout.offset(input.below(256) * (long) RecordLayout.ALIGNMENT, FuzzedRing.CAPACITY);
        switch (input.below(17)) {
            case 0 -> ring.offer(input.below(200));
            case 1 -> ring.offer(input.below(FuzzedRing.MAX_MESSAGE + 1));
            case 2 -> ring.end(input.below(2) == 1);
            case 3 -> ring.ring.putInt(record + RecordLayout.LENGTH_OFFSET, number(input));
            case 4 -> ring.ring.putShort(record + RecordLayout.TYPE_OFFSET, (short) input.below(8));
            case 5 -> ring.ring.putShort(record + RecordLayout.FLAGS_OFFSET, (short) input.below(4));
            case 6 -> ring.ring.putLong(record + RecordLayout.SEQUENCE_OFFSET, number(input));
            case 7 -> stamp(ring, input.below(600) - 300L);
            case 8 -> ring.ring.putLong(RingLayout.TAIL_OFFSET, near(ring, input));
            case 9 -> ring.ring.putLong(RingLayout.FINAL_POSITION_OFFSET, near(ring, input));
            case 10 -> ring.ring.putBytes(record, input.rest(RecordLayout.ALIGNMENT));
            case 11 -> ring.death = "killed";
            case 12 -> {
                if (reader != null) {
                    reader.close();
                }
                return ring.join(reading(input), input.below(2) == 1);
            }
            case 13 -> ring.ring.putLong(RingLayout.TAIL_INTENT_OFFSET, near(ring, input));
            case 14 -> ring.ring.putLong(RingLayout.LATEST_OFFSET, near(ring, input));
            case 15 -> ring.ring.putLong(RingLayout.RETAINED_OFFSET, near(ring, input));
            default -> {
                return reader == null || FuzzedRing.drain(reader) == null ? null : reader;
            }
        }
        return reader;
    }

    private static Reading reading(FuzzInput input) {
        Start start =
                switch (input.below(4)) {
                    case 0 -> Start.NEXT;
                    case 1 -> Start.LATEST;
                    case 2 -> Start.OLDEST;
                    default -> Start.last(3);
                };
        Gap gap = Gap.values()[input.below(Gap.values().length)];
        return new Reading(start, gap, input.below(2) == 0 ? Delivery.BROADCAST : Delivery.LATEST, 0, false);
    }

    private static int number(FuzzInput input) {
        return (int) input.oddNumber(0, -1, 1, FuzzedRing.MAX_MESSAGE, FuzzedRing.CAPACITY, 1024, 2048);
    }

    private static long near(FuzzedRing ring, FuzzInput input) {
        return input.oddNumber(
                0, -1, ring.writer.position(), ring.writer.position() + 32, ring.geometry.initialPosition());
    }

    /** Makes whatever stands at a position near the tail a record. */
    private static void stamp(FuzzedRing ring, long records) {
        long tail = ring.writer.position() & -RecordLayout.ALIGNMENT; // whatever was written there
        ring.words.stampRelease(tail + records * RecordLayout.ALIGNMENT);
    }
}
