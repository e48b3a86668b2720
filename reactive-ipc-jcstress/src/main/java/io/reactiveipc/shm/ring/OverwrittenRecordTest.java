package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** SYNC O1: a record that is overwritten while it is copied is not believed. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "before it was overwritten")
@Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "lapped: the oldest that is there")
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "lapped: only the new one was found")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "lapped, and nothing found yet")
@Outcome(expect = FORBIDDEN, desc = "torn")
@State
public class OverwrittenRecordTest extends SmallRing {
    private static final int CAPACITY = 4096;
    private final RingConsumer reader;

    public OverwrittenRecordTest() {
        super(CAPACITY);
        put(1);
        reader = attachment()
                .join(
                        new Reading(Start.OLDEST, Gap.SKIP_TO_OLDEST, Delivery.BROADCAST, 0, false),
                        false,
                        (consumer, first, last) -> {});
        while (words.tailAcquire() < CAPACITY - RecordLayout.recordLength(16, false)) {
            put(3);
        }
        put(3);
    }

    private void put(long value) {
        int index = writer.tryClaim(16);
        file.putLong(index, value);
        file.putLong(index + 8, value);
        writer.commit(16);
    }

    @Override
    Overflow.Kind overflow() {
        return Overflow.Kind.OVERWRITE_OLDEST;
    }

    @Actor
    public void publisher() {
        put(2);
    }

    @Actor
    public void subscriber(JJ_Result result) {
        int index = reader.poll();
        if (index >= 0) {
            result.r1 = reader.buffer().getLong(index);
            result.r2 = reader.buffer().getLong(index + 8);
        }
    }
}
