package io.reactiveipc.shm.ring;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.fuzz.FuzzInput;
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
        int record = FuzzedRing.anyRecord(input);
        int event = input.below(17);
        switch (event) {
            case 12 -> {
                if (reader != null) {
                    reader.close();
                }
                return ring.join(reading(input), input.below(2) == 1);
            }
            case 13 -> ring.ring.putLong(RingLayout.TAIL_INTENT_OFFSET, ring.near(input));
            case 14 -> ring.ring.putLong(RingLayout.LATEST_OFFSET, ring.near(input));
            case 15 -> ring.ring.putLong(RingLayout.RETAINED_OFFSET, ring.near(input));
            case 16 -> {
                return reader == null || FuzzedRing.drain(reader) == null ? null : reader;
            }
            default -> ring.happen(event, record, input);
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
}
