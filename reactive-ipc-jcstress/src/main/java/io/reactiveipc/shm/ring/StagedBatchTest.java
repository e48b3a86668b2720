package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** SYNC R1 of a batch whose later records are copied into the ring together, by C's memcpy on Java 22 or later: none is late. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not yet")
@Outcome(id = "1, 100", expect = ACCEPTABLE, desc = "all of it")
@Outcome(expect = FORBIDDEN, desc = "a part of a batch")
@State
public class StagedBatchTest extends SmallRing {
    private static final int STAGED = 100; // more bytes than memcpy copies by vectors

    private final RingReader reader;
    private int staged;

    /** What a first stage has to allocate is there before the race. */
    public StagedBatchTest() {
        super(32 * 1024);
        writeBatch();
        if (staged < STAGED / 2) {
            throw new AssertionError(staged + " were staged: there is no memory for it, or the ring is too small");
        }
        reader = join(false);
    }

    @Actor
    public void publisher() {
        writeBatch();
    }

    private void writeBatch() {
        writer.beginBatch();
        write(1);
        for (int i = 0; i < STAGED; i++) {
            writeLater(-1);
        }
        writer.endBatch();
    }

    /** As a sender does: where what is known to be free has no room for it, it is not staged. */
    private void writeLater(long value) {
        if (!writer.openStage(Long.BYTES)) {
            write(value);
            return;
        }
        writer.stagingBuffer().putLong(writer.tryClaimStaged(Long.BYTES), value);
        writer.commitStaged(Long.BYTES);
        staged++;
    }

    @Actor
    public void subscriber(II_Result result) {
        int index = reader.poll();
        if (index >= 0) {
            result.r1 = 1;
            for (reader.advance(); (index = reader.poll()) >= 0; reader.advance()) {
                result.r2 += reader.buffer().getLong(index) == -1 ? 1 : 0;
            }
        }
    }
}
