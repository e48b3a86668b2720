package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.RingProducer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** SYNC R8: while the ring goes round under a joiner, it is evicted and joins anew, or is waited for; never neither. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the writer waits for the joiner")
@Outcome(expect = FORBIDDEN, desc = "the joiner is lapped, or evicted without noticing")
@State
public class LappedJoinerTest extends SmallRing {
    private static final int LENGTH = 1000;

    private long start;

    public LappedJoinerTest() {
        super(4096);
    }

    @Actor
    public void publisher() {
        for (int i = 0; i < 16; i++) {
            if (writer.tryClaim(LENGTH) != RingProducer.FULL) {
                writer.commit(LENGTH);
            }
        }
    }

    @Actor
    public void subscriber() {
        start = join(false).position();
    }

    @Arbiter
    public void lookBack(ZZ_Result result) {
        result.r1 = respects(start);
        result.r2 = SlotLayout.state(slots.wordAcquire(0)) == SlotLayout.ACTIVE;
    }
}
