package io.reactiveipc.internal.poll;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** SYNC B1: one at a time is inside, and sees what the one before did. Each looks, and then counts itself. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the second was turned away")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the first was turned away")
@Outcome(
        id = {"1, 2, 2", "2, 1, 2"},
        expect = ACCEPTABLE,
        desc = "one after the other")
@Outcome(expect = FORBIDDEN, desc = "both inside, or not seen")
@State
public class TurnstileTest extends Turnstile {
    private int entries;

    private int pass() {
        if (!tryEnter()) {
            return 0;
        }
        int entry = ++entries;
        leave();
        return entry;
    }

    @Actor
    public void one(III_Result result) {
        result.r1 = pass();
    }

    @Actor
    public void other(III_Result result) {
        result.r2 = pass();
    }

    @Arbiter
    public void count(III_Result result) {
        result.r3 = entries;
    }
}
