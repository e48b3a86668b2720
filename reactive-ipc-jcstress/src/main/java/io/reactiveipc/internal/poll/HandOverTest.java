package io.reactiveipc.internal.poll;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayDeque;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** SYNC B4: what is counted can be read, and a place is used again only when its element was taken. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the first was taken too late for the second to come")
@Outcome(
        id = {"1, 2, 0", "1, 0, 2"},
        expect = ACCEPTABLE,
        desc = "the second came, and was taken at once or is there")
@Outcome(expect = FORBIDDEN, desc = "half an element, one twice, or one lost")
@State
public class HandOverTest {
    private final HandOver<int[]> elements = new HandOver<>();

    {
        put(new int[] {1});
    }

    private void put(int[] element) {
        elements.putFrom(new ArrayDeque<>(List.of(element)), 1, () -> false);
    }

    private int take() {
        long first = elements.passed();
        if (first == elements.count()) {
            return 0;
        }
        int value = elements.get(first)[0];
        elements.pass(first + 1);
        elements.take();
        return value;
    }

    @Actor
    public void puts() {
        if (elements.isEmpty()) {
            int[] second = new int[1];
            second[0] = 2;
            put(second);
        }
    }

    @Actor
    public void takes(III_Result result) {
        result.r1 = take();
        result.r2 = take();
    }

    @Arbiter
    public void rest(III_Result result) {
        result.r3 = take();
    }
}
