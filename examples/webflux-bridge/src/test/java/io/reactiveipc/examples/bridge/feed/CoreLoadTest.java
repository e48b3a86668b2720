package io.reactiveipc.examples.bridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CoreLoadTest {
    private final CoreLoad load = new CoreLoad();

    @Test
    void theLoadIsWhatWasNotIdleSinceTheLastLook() {
        load.next(stat("cpu0 100 0 100 800 0 0 0 0 0 0", "cpu1 0 0 0 1000 0 0 0 0 0 0"));

        assertThat(load.next(stat("cpu0 160 0 115 815 10 0 0 0 0 0", "cpu1 50 20 10 1000 0 5 5 10 999 999")))
                .containsExactly(0.75, 1.0);
    }

    @Test
    void nothingIsKnownAtTheFirstLookNorWhenCoresCome() {
        assertThat(load.next(stat("cpu0 1 2 3 4 5 6 7 8 9 10"))).containsExactly(0.0);
        assertThat(load.next(stat("cpu0 9 2 3 4 5 6 7 8 9 10", "cpu1 1 2 3 4 5 6 7 8 9 10")))
                .containsExactly(0.0, 0.0);
    }

    @Test
    void countersThatRunBackwardsAreNoLoad() {
        load.next(stat("cpu0 100 0 0 100 50 0 0 0 0 0"));

        assertThat(load.next(stat("cpu0 100 0 0 120 20 0 0 0 0 0"))).containsExactly(0.0);
    }

    private static List<String> stat(String... cores) {
        List<String> lines = new ArrayList<>(List.of("cpu  1 1 1 1 1 1 1 1 1 1"));
        lines.addAll(List.of(cores));
        lines.addAll(List.of("intr 12345 1 2", "ctxt 99"));
        return lines;
    }
}
