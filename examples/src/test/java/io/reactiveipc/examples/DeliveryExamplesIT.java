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

/** The examples of delivery, run from the jar. */
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

    @Test
    void threeWorkersShareTheJobsAndThoseOfOneThatIsKilledAreDoneByTheOthers() throws Exception {
        SecondJvm jobs = start("jobs", "--every", "1", "--count", "500", "--workers", "3");
        List<SecondJvm> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            workers.add(start("worker", "--every", "5"));
        }
        workers.get(0).awaitLine("did job");
        workers.get(0).kill();
        jobs.expectExit(0);
        workers.get(1).expectExit(0);
        workers.get(2).expectExit(0);

        List<String> done = workers.stream()
                .flatMap(worker -> worker.lines().stream())
                .filter(line -> line.startsWith("did job "))
                .toList();
        List<Long> first = done.stream()
                .filter(line -> !line.endsWith(" again"))
                .map(line -> Long.valueOf(line.substring("did job ".length())))
                .toList();
        List<Long> again = done.stream()
                .filter(line -> line.endsWith(" again"))
                .map(line -> Long.valueOf(line.substring("did job ".length(), line.length() - " again".length())))
                .toList();
        assertThat(first).doesNotHaveDuplicates();
        assertThat(again).hasSizeLessThanOrEqualTo(2); // at most what it had in parallel
        List<Long> all = new ArrayList<>(first);
        all.addAll(again);
        assertThat(all)
                .containsAll(java.util.stream.LongStream.range(0, 500).boxed().toList());
        assertThat(jobs.lines()).last().isEqualTo("all 500 are done");
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
