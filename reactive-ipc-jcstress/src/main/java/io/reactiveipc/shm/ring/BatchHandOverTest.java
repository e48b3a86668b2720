package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** SYNC R1: who sees the first record of a batch sees all of it. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not yet")
@Outcome(id = "11, 22, 33", expect = ACCEPTABLE, desc = "all of it")
@Outcome(expect = FORBIDDEN, desc = "a part of a batch")
@State
public class BatchHandOverTest extends SmallRing {
    private final RingReader reader = join(false);

    public BatchHandOverTest() {
        super(4096);
    }

    @Actor
    public void publisher() {
        writer.beginBatch();
        write(11);
        writeAtHand(22);
        writeAtHand(33);
        writer.endBatch();
    }

    private void writeAtHand(long value) {
        int index = writer.tryClaimInBatch(Long.BYTES);
        file.putLong(index, value);
        writer.commitInBatch(Long.BYTES);
    }

    @Actor
    public void subscriber(JJJ_Result result) {
        int index = reader.poll();
        if (index >= 0) {
            result.r1 = reader.buffer().getLong(index);
            result.r2 = next();
            result.r3 = next();
        }
    }

    private long next() {
        reader.advance();
        int index = reader.poll();
        return index < 0 ? -1 : reader.buffer().getLong(index);
    }
}
