package io.reactiveipc.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagingChoiceTest {
    private static final int BYTES = 32 * 1024;
    private static final int TRIALS = 2 * StagingChoice.TRIAL;
    private static final int PRACTICE = TRIALS;

    private long now;
    private long position;
    private final StagingChoice choice = new StagingChoice(() -> now);

    /** How many of so many runs were staged. */
    private int run(int runs, long plainNanos, long stagedNanos) {
        int staged = 0;
        for (int i = 0; i < runs; i++) {
            boolean stage = choice.begin(position);
            staged += stage ? 1 : 0;
            now += stage ? stagedNanos : plainNanos;
            position += BYTES;
            choice.end(position);
        }
        return staged;
    }

    @Test
    void theFirstRunsAreForPractice() {
        assertThat(run(PRACTICE, 100, 10_000)).isEqualTo(StagingChoice.TRIAL);
        run(TRIALS, 100, 70);
        assertThat(run(1, 100, 70)).as("what took long at first does not count").isEqualTo(1);
    }

    @Test
    void eachPeriodTriesBothWaysAndGoesTheQuickerOne() {
        run(PRACTICE, 100, 100);
        assertThat(run(TRIALS, 100, 70)).isEqualTo(StagingChoice.TRIAL);
        int rest = StagingChoice.PERIOD - TRIALS;
        assertThat(run(rest, 100, 70)).isEqualTo(rest);

        assertThat(run(TRIALS, 70, 100)).as("the cores moved").isEqualTo(StagingChoice.TRIAL);
        assertThat(run(rest, 70, 100)).isZero();

        assertThat(run(TRIALS, 100, 70)).isEqualTo(StagingChoice.TRIAL);
        assertThat(run(rest, 100, 70)).isEqualTo(rest);
    }

    @Test
    void stagingHasToBeWorthIt() {
        run(PRACTICE, 100, 100);
        run(TRIALS, 100, 95);
        assertThat(run(100, 100, 95)).isZero();
    }

    /** By the host, or by a pause of the JVM: that is not the way's fault. */
    @Test
    void runsThatAreInterruptedDoNotDecide() {
        run(PRACTICE, 100, 100);
        for (int i = 0; i < TRIALS / 2; i++) {
            boolean interrupted = i % 3 == 0;
            run(2, 70, interrupted ? 10_000 : 50);
        }
        assertThat(run(1, 70, 50)).isEqualTo(1);
        run(StagingChoice.PERIOD - TRIALS - 1, 70, 50);
        for (int i = 0; i < TRIALS / 2; i++) {
            boolean interrupted = i % 3 == 0;
            run(2, interrupted ? 10_000 : 50, 70);
        }
        assertThat(run(1, 50, 70)).isZero();
    }

    @Test
    void timeCountsByTheByte() {
        run(PRACTICE, 100, 100);
        for (int i = 0; i < TRIALS; i++) {
            boolean stage = choice.begin(position);
            now += stage ? 200 : 150;
            position += stage ? 2 * BYTES : BYTES; // as quick again
            choice.end(position);
        }
        assertThat(choice.begin(position)).isTrue();
    }

    @Test
    void aTrialThatWroteNothingDecidesNothing() {
        run(PRACTICE, 100, 100);
        run(StagingChoice.PERIOD, 100, 70);
        for (int i = 0; i < 3 * TRIALS; i++) {
            choice.begin(position);
            now += 10;
            choice.end(position);
        }
        assertThat(run(TRIALS, 100, 70)).as("the trial is still to come").isEqualTo(StagingChoice.TRIAL);
        assertThat(choice.begin(position)).isTrue();
    }
}
