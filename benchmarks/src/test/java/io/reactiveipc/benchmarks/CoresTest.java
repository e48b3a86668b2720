package io.reactiveipc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoresTest {
    @Test
    void theUsualDistanceIsTheMostCommonOne() {
        double[] found = {47, 105, 490, 98, 112, 493, 110, 48, Double.POSITIVE_INFINITY};
        assertThat(Cores.mostCommon(found)).isBetween(98.0, 112.0);
    }

    @Test
    void whereItIsNotLookedAtAllIsAsUsual() {
        assertThat(Cores.anywhere().areUsual()).isTrue();
        assertThat(Cores.anywhere().now().areUsual()).isTrue();
        assertThat(Cores.anywhere().describe()).isEqualTo("not looked at");
    }

    @Test
    void aCacheLineTakesSomeTimeThereAndBack() {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 100 && Double.isInfinite(best); i++) { // on one busy processor the two never meet
            best = Cores.roundTripNanos();
        }
        assertThat(best).isGreaterThan(1);
    }
}
