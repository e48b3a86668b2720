package io.reactiveipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Start;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** SYNC O2: the newest message is there as a whole, and never an older one than before. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
        expect = ACCEPTABLE,
        desc = "whole, and rising")
@Outcome(expect = FORBIDDEN, desc = "torn, or an older one")
@State
public class NewestRecordTest extends SmallRing {
    private final RingConsumer reader = attachment()
            .join(new Reading(Start.NEXT, Gap.ERROR, Delivery.LATEST, 0, false), false, (consumer, first, last) -> {});

    public NewestRecordTest() {
        super(4096);
    }

    @Actor
    public void publisher() {
        put(1);
        put(2);
    }

    private void put(long value) {
        int index = writer.tryClaim(16);
        file.putLong(index, value);
        file.putLong(index + 8, value);
        writer.commit(16);
    }

    @Actor
    public void subscriber(JJ_Result result) {
        result.r1 = look();
        result.r2 = look();
    }

    /** The newest message, or -1 if it is torn. */
    private long look() {
        int index = reader.poll();
        if (index < 0) {
            return 0;
        }
        long value = reader.buffer().getLong(index);
        return value == reader.buffer().getLong(index + 8) ? value : -1;
    }
}
