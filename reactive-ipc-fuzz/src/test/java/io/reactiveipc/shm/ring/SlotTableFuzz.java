package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.fuzz.FuzzInput;
import io.reactiveipc.shm.layout.SlotLayout;
import java.util.ArrayList;
import java.util.List;

/** A publisher with whatever slots: it waits only for subscribers that could exist, and never writes over what they may read. */
class SlotTableFuzz {
    @FuzzTest
    void waitsForNoneButPossibleSubscribers(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzedRing ring = new FuzzedRing(input);
        List<RingReader> readers = new ArrayList<>();
        while (input.hasMore()) {
            step(ring, readers, input);
        }
        if (!ring.isEnded()) {
            ring.assertHeldBackByWhatCouldBeOnly();
        }
        readers.forEach(FuzzedRing::drain);
        readers.forEach(RingReader::close);
    }

    private static void step(FuzzedRing ring, List<RingReader> readers, FuzzInput input) {
        int slot = input.below(FuzzedRing.SLOTS + 1);
        long tail = ring.writer.position();
        switch (input.below(12)) {
            case 0, 1 -> ring.offer(input.below(FuzzedRing.MAX_MESSAGE + 1));
            case 2 -> ring.slots.putLong(SlotLayout.wordOffset(slot), input.i64());
            case 3 -> ring.slots.putLong(SlotLayout.wordOffset(slot), SlotLayout.word(1, input.u8(), input.below(9)));
            case 4 ->
                ring.slots.putLong(
                        SlotLayout.cursorOffset(slot),
                        input.oddNumber(
                                0, -1, tail, tail - 32, tail - FuzzedRing.CAPACITY, tail - FuzzedRing.CAPACITY - 32));
            case 5 ->
                ring.slots.putInt(SlotLayout.armedOffset(slot), (int) input.oddNumber(0, 1, -1, Integer.MIN_VALUE));
            case 6 -> ring.slots.putInt(SlotLayout.SLEEPERS_OFFSET, input.u8());
            case 7 -> {
                RingReader reader = ring.join(input.below(2) == 1);
                if (reader != null) {
                    readers.add(reader);
                }
            }
            case 8 -> readers.removeIf(reader -> FuzzedRing.drain(reader) == null);
            case 9 -> {
                if (!readers.isEmpty()) {
                    readers.remove(input.below(readers.size())).close();
                }
            }
            case 10 -> look(ring, input);
            default -> ring.end(input.below(2) == 1);
        }
    }

    private static void look(FuzzedRing ring, FuzzInput input) {
        assertThat(ring.writer.subscriberCount()).isBetween(0, FuzzedRing.SLOTS);
        assertThat(ring.writer.freeBytes()).isNotNegative();
        ring.writer.isDrainedTo(ring.writer.position());
        ring.writer.arm(input.u8());
    }
}
