package io.reactiveipc.shm.ring;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.SignalCounter;
import io.reactiveipc.spi.SignalReader;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * A signal's counter in shared memory. A signal is one atomic addition, so whoever is killed has signalled or has not, and
 * leaves nothing else; a sleeper for whom it no longer rang looks again when its bounded sleep ends.
 */
public final class SharedCounter implements SignalCounter {
    private final String name;
    private final SignalWords words;
    private final SlotWords slots;
    private final int nodeRow;
    private final Ringer ringer;
    private final IntConsumer freeIfDead;

    /**
     * @param file the whole mapped file
     * @param nodeRow the row of this process's node
     * @param ringer wakes other nodes, and this one
     * @param freeIfDead frees a slot if its owner is dead
     */
    public SharedCounter(String name, AtomicBuffer file, int nodeRow, Ringer ringer, IntConsumer freeIfDead) {
        this.name = name;
        this.words = new SignalWords(file);
        this.slots = new SlotWords(file);
        this.nodeRow = nodeRow;
        this.ringer = ringer;
        this.freeIfDead = freeIfDead;
    }

    @Override
    public void signal() {
        words.increment();
        CrashPoint.SIGNAL_COUNTED.passed();
        RingWords.storeLoadFence(); // SYNC S2: the count is visible before the look at the sleepers
        slots.wakeSleepers(SlotLayout.SLOT_COUNT, ringer);
    }

    @Override
    public SignalReader join() {
        OptionalInt claimed = SubscriberSlot.claim(slots, SlotLayout.SLOT_COUNT, nodeRow);
        if (claimed.isEmpty()) {
            for (int slot = 0; slot < SlotLayout.SLOT_COUNT; slot++) {
                freeIfDead.accept(slot);
            }
            claimed = SubscriberSlot.claim(slots, SlotLayout.SLOT_COUNT, nodeRow);
        }
        if (claimed.isEmpty()) {
            throw new IpcException(
                    ErrorCode.TOO_MANY_SUBSCRIBERS,
                    "all " + SlotLayout.SLOT_COUNT + " places of those who listen to signal \"" + name
                            + "\" are taken; cancel one, or share() one Flux in each process");
        }
        return new CounterReader(name, words, SubscriberSlot.listen(slots, claimed.getAsInt()));
    }
}
