package io.reactiveipc.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitStrategyTest {
    private final List<Long> sleeps = new ArrayList<>();

    private List<Long> passesThatSlept(WaitStrategy strategy) {
        return LongStream.rangeClosed(1, 205)
                .filter(pass -> {
                    int before = sleeps.size();
                    strategy.idle(pass, sleeps::add);
                    return sleeps.size() > before;
                })
                .boxed()
                .toList();
    }

    @Test
    void adaptiveLooksTwoHundredTimesAndThenSleeps() {
        assertThat(passesThatSlept(WaitStrategy.adaptive())).containsExactly(201L, 202L, 203L, 204L, 205L);
        assertThat(sleeps).containsOnly(WaitStrategy.MAX_SLEEP_NANOS);
    }

    @Test
    void busySpinNeverSleeps() {
        assertThat(passesThatSlept(WaitStrategy.busySpin())).isEmpty();
    }

    @Test
    void blockingSleepsAtOnce() {
        assertThat(passesThatSlept(WaitStrategy.blocking())).hasSize(205);
        assertThat(sleeps).containsOnly(WaitStrategy.MAX_SLEEP_NANOS);
    }
}
