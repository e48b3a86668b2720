package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.process.Children;
import io.reactiveipc.test.process.SecondJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples ticker, screen and latecomer, run from the jar. */
@Timeout(120)
class DeliveryExamplesIT {
    @RegisterExtension
    final Children children = new Children();

    private final List<SecondJvm> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(SecondJvm::close);
    }

    @Test
    void aSlowScreenShowsTheNewestAndALatecomerGetsTheLastOnes() throws Exception {
        SecondJvm ticker = start("ticker", "--every", "1");
        ticker.awaitLine("ticking");
        SecondJvm first = start("latecomer", "--last", "1", "--count", "200");
        first.expectExit(0); // so many ticks at least there are by now
        SecondJvm latecomer = start("latecomer", "--last", "50", "--count", "60");
        SecondJvm screen = start("screen", "--every", "100", "--count", "5");
        latecomer.expectExit(0);
        screen.expectExit(0);

        List<Long> got = ticks(latecomer, "got tick ");
        long begun = got.get(0);
        assertThat(got)
                .isEqualTo(java.util.stream.LongStream.range(begun, begun + 60)
                        .boxed()
                        .toList());
        assertThat(latecomer.lines()).last().isEqualTo("missed 0");
        List<Long> shown = ticks(screen, "shows tick ");
        assertThat(shown).hasSize(5).isSorted().doesNotHaveDuplicates();
        assertThat(shown.get(4) - shown.get(0)).as("others were left out").isGreaterThan(4);
    }

    private static List<Long> ticks(SecondJvm jar, String prefix) {
        return jar.lines().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> Long.valueOf(line.substring(prefix.length())))
                .toList();
    }

    private SecondJvm start(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("--directory", children.directory().toString()));
        SecondJvm jar = RunningJar.start(all.toArray(String[]::new));
        started.add(jar);
        return jar;
    }
}
