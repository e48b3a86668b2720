package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.internal.buffer.WriteView;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** SYNC R1 of a message that comes out of a long array, by C's memcpy on Java 22 or later: none of its bytes is late. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not yet")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "all of it")
@Outcome(expect = FORBIDDEN, desc = "a stamp before some of its bytes")
@State
public class LongCopyTest extends SmallRing {
    private static final int LENGTH = 2304;
    private static final byte[] ONES = new byte[LENGTH];

    static {
        Arrays.fill(ONES, (byte) -1);
    }

    private final RingReader reader = join(false);
    private final WriteView view = new WriteView();

    public LongCopyTest() {
        super(16 * 1024);
    }

    @Actor
    public void publisher() {
        view.bind(file, writer.tryClaim(LENGTH), LENGTH);
        view.putBytes(0, ONES, 0, LENGTH);
        writer.commit(LENGTH);
    }

    @Actor
    public void subscriber(II_Result result) {
        int index = reader.poll();
        if (index >= 0) {
            result.r1 = 1;
            for (int i = LENGTH - Long.BYTES; i >= 0; i -= Long.BYTES) { // the last ones first: they are written last
                result.r2 += file.getLong(index + i) == -1 ? 0 : 1;
            }
        }
    }
}
