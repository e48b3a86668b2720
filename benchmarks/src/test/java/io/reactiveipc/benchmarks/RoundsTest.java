package io.reactiveipc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {
    private final AtomicInteger run = new AtomicInteger();

    /** @param usual what each look at the cores finds; from then on they are as usual */
    private Rounds<Integer> rounds(int most, Boolean... usual) {
        Queue<Boolean> looks = new ArrayDeque<>(List.of(usual));
        return Rounds.run(
                () -> looks.isEmpty() || looks.remove(),
                Integer.MAX_VALUE,
                () -> run.get() < most,
                run::incrementAndGet);
    }

    @Test
    void aRoundCountsIfTheCoresAreAsUsualBeforeAndAfterIt() {
        Rounds<Integer> rounds = rounds(4, true, true, false, true, true);
        assertThat(rounds.counted()).containsExactly(1, 3, 4);
        assertThat(rounds.leftOut()).containsExactly(2);
        assertThat(rounds.percentLeftOut(0)).isEqualTo(25);
    }

    @Test
    void noRoundIsRunWhileTheyAreNot() {
        Rounds<Integer> rounds = rounds(1, false, false, true, true);
        assertThat(rounds.counted()).containsExactly(1);
        assertThat(rounds.leftOut()).isEmpty();
    }

    @Test
    void whereTheCoresMovedAwayItIsMeasuredAgainSomeTimes() {
        int found = Rounds.again(3, inVain -> movedAwayBefore(3, inVain));
        assertThat(found).isEqualTo(3);

        run.set(0);
        assertThatThrownBy(() -> Rounds.again(2, inVain -> movedAwayBefore(3, inVain)))
                .isInstanceOf(CoresMovedException.class);
        assertThat(run.get()).isEqualTo(2);
    }

    private int movedAwayBefore(int stays, int inVain) {
        assertThat(inVain).as("rounds in vain").isEqualTo(10 * run.get());
        if (run.incrementAndGet() < stays) {
            throw new CoresMovedException(10);
        }
        return run.get();
    }

    @Test
    void whatElseGoesWrongIsNotTriedAgain() {
        assertThatThrownBy(() -> Rounds.again(3, inVain -> {
                    run.incrementAndGet();
                    throw new MeasurementException("no contender is left");
                }))
                .hasMessage("no contender is left");
        assertThat(run.get()).isEqualTo(1);
    }

    @Test
    void itEndsWhenThereAreEnoughThatCount() {
        Queue<Boolean> looks = new ArrayDeque<>(List.of(true, false, true, true));
        Rounds<Integer> rounds =
                Rounds.run(() -> looks.isEmpty() || looks.remove(), 3, () -> true, run::incrementAndGet);
        assertThat(rounds.counted()).containsExactly(2, 3, 4);
        assertThat(rounds.leftOut()).containsExactly(1);
        assertThat(rounds.percentLeftOut(0)).isEqualTo(25);
        assertThat(rounds.percentLeftOut(6)).isEqualTo(70);
    }
}
