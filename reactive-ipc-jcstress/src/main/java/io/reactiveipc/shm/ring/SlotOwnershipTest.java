package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.shm.layout.SlotLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** SYNC R7: two reapers of a dead owner's slot free it once, and never take it from the next owner, even in the same row. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the next owner has it")
@Outcome(expect = FORBIDDEN, desc = "taken away from the next owner")
@State
public class SlotOwnershipTest extends SmallRing {
    private static final int ROW = 7;

    private final long left;
    private boolean claimed;

    public SlotOwnershipTest() {
        super(4096);
        left = SlotLayout.word(3, ROW, SlotLayout.JOINING);
        slotFile.putLong(SlotLayout.wordOffset(0), left);
    }

    private void reap() {
        slots.reclaim(0, left);
    }

    @Actor
    public void reaperAndNextOwner() {
        reap();
        claimed = SubscriberSlot.claim(slots, 1, ROW).isPresent();
    }

    @Actor
    public void slowReaper() {
        reap();
    }

    @Arbiter
    public void lookBack(ZZ_Result result) {
        result.r1 = claimed;
        result.r2 = slots.wordAcquire(0) == SlotLayout.word(5, ROW, SlotLayout.JOINING);
    }
}
