package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.spi.RingConsumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** SYNC R6: what was committed before a death is read before the reader gives up. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the message")
@Outcome(id = "2", expect = FORBIDDEN, desc = "given up before the message was read")
@State
public class LastLookTest extends SmallRing {
    private final RingReader reader = join(false);

    public LastLookTest() {
        super(4096);
    }

    @Actor
    public void publisherAndItsDeath() {
        write(1);
        death = "killed";
    }

    @Actor
    public void subscriber(I_Result result) {
        int index = reader.poll();
        result.r1 = index >= 0 ? 1 : index == RingConsumer.ENDED ? 2 : 0;
    }
}
