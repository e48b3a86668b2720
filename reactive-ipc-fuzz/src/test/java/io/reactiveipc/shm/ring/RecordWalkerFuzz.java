package io.reactiveipc.shm.ring;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.fuzz.FuzzInput;
import org.jspecify.annotations.Nullable;

/** A reader of whatever bytes: messages within the ring or {@code CorruptRingException}, always in so many steps. */
class RecordWalkerFuzz {
    @FuzzTest
    void readsOrSaysThatTheRingIsCorrupt(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzedRing ring = new FuzzedRing(input);
        RingReader reader = ring.join(true);
        while (input.hasMore()) {
            reader = step(ring, reader, input);
        }
        if (reader != null) {
            FuzzedRing.drain(reader);
        }
    }

    private static @Nullable RingReader step(FuzzedRing ring, @Nullable RingReader reader, FuzzInput input) {
        int record = FuzzedRing.anyRecord(input);
        int event = input.below(14);
        switch (event) {
            case 12 -> {
                if (reader != null) {
                    reader.close();
                }
                return ring.join(input.below(2) == 1);
            }
            case 13 -> {
                return reader == null || FuzzedRing.drain(reader) == null ? null : reader;
            }
            default -> ring.happen(event, record, input);
        }
        return reader;
    }
}
