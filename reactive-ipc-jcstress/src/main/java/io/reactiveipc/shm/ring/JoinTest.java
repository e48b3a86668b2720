package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** SYNC R3: a scan that misses a joiner does not let the writer run over it. One message fits, and the next one needs a scan. */
@JCStressTest
@Outcome(id = "true, (2016|2048|2080)", expect = ACCEPTABLE, desc = "the writer stops in time")
@Outcome(expect = FORBIDDEN, desc = "the joiner is lapped")
@State
public class JoinTest extends SmallRing {
    private long start;

    public JoinTest() {
        super(4096);
        fill(2048 - RECORD);
    }

    @Actor
    public void publisher() {
        write(1);
        write(2);
    }

    @Actor
    public void subscriber() {
        start = join(false).position();
    }

    @Arbiter
    public void lookBack(ZJ_Result result) {
        result.r1 = respects(start);
        result.r2 = start;
    }
}
