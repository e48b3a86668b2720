package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** SYNC Q1, Q2: of two members that want the same message one gets it, and a writer that scans meanwhile does not run over it. */
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "one has it, whole")
@Outcome(expect = FORBIDDEN, desc = "both or none have it, or it may be overwritten")
@State
public class QueueClaimTest extends SmallQueue {
    private final long start = words.tailAcquire();
    private final QueueReader one = member();
    private final QueueReader other = member();
    private boolean oneHas;
    private boolean otherHas;

    public QueueClaimTest() {
        write(7);
    }

    @Actor
    public void one() {
        oneHas = take(one);
    }

    @Actor
    public void other() {
        otherHas = take(other);
    }

    @Actor
    public void publisher() {
        while (write(0)) {
            // on
        }
        write(0);
    }

    @Arbiter
    public void lookBack(IZ_Result result) {
        result.r1 = (oneHas && one.position == start ? 1 : 0) + (otherHas && other.position == start ? 1 : 0);
        result.r2 = respects(start);
    }
}
