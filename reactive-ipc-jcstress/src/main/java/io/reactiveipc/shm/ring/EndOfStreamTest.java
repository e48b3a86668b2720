package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.EndOfStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** SYNC R5: who sees the final position sees the end record before it, and the tail. */
@JCStressTest
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "open")
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "ended")
@Outcome(expect = FORBIDDEN, desc = "a final position before the end")
@State
public class EndOfStreamTest extends SmallRing {
    public EndOfStreamTest() {
        super(4096);
    }

    @Actor
    public void publisher() {
        writer.end(EndOfStream.COMPLETE);
    }

    @Actor
    public void subscriber(ZZZ_Result result) {
        long end = words.finalPositionAcquire();
        if (end != RingLayout.OPEN) {
            result.r1 = true;
            result.r2 = words.tailAcquire() == end;
            result.r3 = words.isStampedAcquire(end - RECORD);
        }
    }
}
