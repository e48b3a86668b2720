package io.reactiveipc.shm.ring;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.spi.SignalReader;

/** One who listens to a signal: where it began to count, and the slot that says whom to ring for. */
final class CounterReader implements SignalReader {
    private final String name;
    private final SignalWords words;
    private final SubscriberSlot slot;
    private final long start;

    private long last;

    CounterReader(String name, SignalWords words, SubscriberSlot slot) {
        this.name = name;
        this.words = words;
        this.slot = slot;
        this.start = words.countAcquire();
    }

    @Override
    public long total() {
        long total = words.countAcquire() - start;
        if (total < last) {
            throw new CorruptRingException("the counter of signal \"" + name + "\" went back from " + (start + last)
                    + " to " + (start + total) + "; listening ends here, subscribe again to go on");
        }
        last = total;
        return total;
    }

    @Override
    public void arm(int loop) {
        if (slot.isHeld()) { // else it is closed already, and the slot perhaps another's
            slot.armRelease(loop);
            RingWords.storeLoadFence(); // SYNC S2: before the last look at the count
        }
    }

    @Override
    public void close() {
        slot.free();
    }
}
