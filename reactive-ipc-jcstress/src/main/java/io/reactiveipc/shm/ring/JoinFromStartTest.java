package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** SYNC R4: who joins from the first message finds it, or starts at the tail. The writer scans just before half of the ring. */
@JCStressTest
@Outcome(id = "true, (0|4128)", expect = ACCEPTABLE, desc = "the writer stops in time")
@Outcome(expect = FORBIDDEN, desc = "the first message is overwritten")
@State
public class JoinFromStartTest extends SmallRing {
    private long start;

    public JoinFromStartTest() {
        super(8192);
        fill(4096 - RECORD);
    }

    @Actor
    public void publisher() {
        writer.room(capacity, capacity);
        write(1);
        write(2);
    }

    @Actor
    public void subscriber() {
        start = join(true).position();
    }

    @Arbiter
    public void lookBack(ZJ_Result result) {
        result.r1 = respects(start);
        result.r2 = start;
    }
}
