package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** SYNC Q4: what a dead member had is given back once, by whichever reaper, and taken by one member. */
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "one has it, whole")
@Outcome(expect = FORBIDDEN, desc = "both or none have it, or it may be overwritten")
@State
public class ReturnedSlotTest extends SmallQueue {
    private final long start = words.tailAcquire();
    private final long dead;
    private final QueueReader one;
    private final QueueReader other;
    private boolean oneHas;
    private boolean otherHas;

    public ReturnedSlotTest() {
        QueueReader holder = member();
        one = member();
        other = member();
        write(7);
        take(holder);
        dead = slots.wordAcquire(0);
    }

    @Actor
    public void one() {
        slots.reclaim(0, dead);
        oneHas = take(one);
    }

    @Actor
    public void other() {
        slots.reclaim(0, dead);
        otherHas = take(other);
    }

    @Arbiter
    public void lookBack(IZ_Result result) {
        oneHas |= take(one); // whoever looked too early finds it now, unless the other one has it
        otherHas |= take(other);
        result.r1 = (oneHas ? 1 : 0) + (otherHas ? 1 : 0);
        result.r2 = respects(start);
    }
}
