package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.shm.layout.RingLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** SYNC R2: bytes are read before they are given back, and given back before they are written again. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "what was there")
@Outcome(expect = FORBIDDEN, desc = "bytes of the next lap")
@State
public class CursorReleaseTest extends SmallRing {
    private static final int FIRST = RingLayout.HEADER_LENGTH;
    private static final int SECOND = FIRST + 2048;

    public CursorReleaseTest() {
        super(4096);
        file.putLong(FIRST, 1);
        file.putLong(SECOND, 1);
    }

    @Actor
    public void subscriber(JJ_Result result) {
        result.r1 = file.getLong(FIRST);
        result.r2 = file.getLong(SECOND);
        slots.cursorRelease(0, 32);
    }

    @Actor
    public void publisher() {
        if (slots.cursorAcquire(0) == 32) {
            file.putLong(SECOND, 2);
            file.putLong(FIRST, 2);
        }
    }
}
