package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.spi.SignalReader;
import org.agrona.concurrent.AtomicBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;

/** SYNC S2: a listener that goes to sleep sees the signal at its last look, or is rung for. */
@JCStressTest
@Outcome(id = "0, true", expect = ACCEPTABLE, desc = "rung for")
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "seen, and rung for in vain")
@Outcome(id = "1, false", expect = ACCEPTABLE, desc = "seen")
@Outcome(id = "0, false", expect = FORBIDDEN, desc = "slept through")
@State
public class SleepingListenerTest {
    private final AtomicBuffer file = SmallRing.memory(SignalLayout.FILE_LENGTH);
    private final SharedCounter counter =
            new SharedCounter("stress", file, 0, (row, loop) -> this.rung = true, slot -> {});
    private final SignalReader reader = counter.join();
    private boolean rung;

    @Actor
    public void signaller() {
        counter.signal();
    }

    @Actor
    public void listener(JZ_Result result) {
        reader.arm(0);
        result.r1 = reader.total();
    }

    @Arbiter
    public void lookBack(JZ_Result result) {
        result.r2 = rung;
    }
}
