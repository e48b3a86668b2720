package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** SYNC R1: a record that is there is there as a whole. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not yet")
@Outcome(id = "16, 1, 2", expect = ACCEPTABLE, desc = "all of it")
@Outcome(expect = FORBIDDEN, desc = "a stamp before its record")
@State
public class StampedRecordTest extends SmallRing {
    private final RingReader reader = join(false);

    public StampedRecordTest() {
        super(4096);
    }

    @Actor
    public void publisher() {
        int index = writer.tryClaim(24); // more than is used
        file.putLong(index, 1);
        file.putLong(index + 8, 2);
        writer.commit(16);
    }

    @Actor
    public void subscriber(JJJ_Result result) {
        int index = reader.poll();
        if (index >= 0) {
            result.r1 = reader.length();
            result.r2 = reader.buffer().getLong(index);
            result.r3 = reader.buffer().getLong(index + 8);
        }
    }
}
