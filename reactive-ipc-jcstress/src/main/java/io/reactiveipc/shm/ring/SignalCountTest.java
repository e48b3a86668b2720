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
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** SYNC S1: no signal of two at once is lost, and who sees one sees what was stored before it. */
@JCStressTest
@Outcome(
        id = {"1, 0, 2", "2, 1, 2"},
        expect = ACCEPTABLE,
        desc = "both counted")
@Outcome(expect = FORBIDDEN, desc = "a signal lost, or seen before what it is about")
@State
public class SignalCountTest {
    private final AtomicBuffer file = SmallRing.memory(SignalLayout.FILE_LENGTH);
    private final SharedCounter counter = new SharedCounter("stress", file, 0, (row, loop) -> {}, slot -> {});
    private final SignalReader reader = counter.join();
    private int about;

    @Actor
    public void signaller() {
        about = 1;
        counter.signal();
    }

    @Actor
    public void signallerAndListener(JJJ_Result result) {
        counter.signal();
        result.r1 = reader.total();
        result.r2 = result.r1 == 2 ? about : 0;
    }

    @Arbiter
    public void lookBack(JJJ_Result result) {
        result.r3 = reader.total();
    }
}
