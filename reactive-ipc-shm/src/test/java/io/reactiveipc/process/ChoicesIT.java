package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Overflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of delivery on one ring, each in a process of its own, while one subscriber pauses: under each overflow. */
@Timeout(180)
class ChoicesIT {
    private static final long COUNT = 20_000;
    private static final Object[] STREAM = {
        "stream", "choices", "capacity", 64 * 1024, "min", 16, "usual", 200, "max", 200, "seed", 1
    };

    @RegisterExtension
    final Children children = new Children();

    @TempDir
    Path journals;

    @ParameterizedTest
    @EnumSource
    void whatAPausedSubscriberDoesToThePublisherAndTheOthersIsThePublishersChoice(Overflow.Kind overflow) {
        boolean lossless = overflow == Overflow.Kind.WAIT || overflow == Overflow.Kind.FAIL;
        List<ChildJvm> jvms = children.start("publisher", "paused", "all", "newest", "one worker", "other worker");
        ChildJvm publisher = jvms.get(0);
        ChildJvm paused = jvms.get(1);
        ChildJvm all = jvms.get(2);
        ChildJvm newest = jvms.get(3);
        List<ChildJvm> workers = jvms.subList(4, 6);
        boolean evicting = overflow == Overflow.Kind.EVICT_SLOW;
        // Long enough for those that do not pause to get a processor meanwhile.
        ask(publisher, "publish", "overflow", overflow, "patience", evicting ? 5_000 : 0);
        subscribe(paused, 0);
        subscribe(all, Long.MAX_VALUE);
        subscribe(newest, 1, "delivery", "LATEST");
        for (ChildJvm worker : workers) {
            begin(
                    worker,
                    "work",
                    "delivery",
                    "QUEUE:workers",
                    "how",
                    "mapped",
                    "journal",
                    journals.resolve(worker.name()));
            Line answer = worker.answer();
            assertThat(answer.word()).as(answer.toString()).isEqualTo("ok"); // a refusal comes by the Flux
        }
        publisher.ask("await", "subscribers", lossless ? 5 : 3);

        publisher.ask("send", "count", COUNT);
        long written =
                switch (overflow) {
                    case WAIT -> {
                        publisher.askUntil("sender", line -> line.number("free") < 400);
                        assertThat(publisher.ask("sender").number("sent")).isLessThan(COUNT);
                        paused.ask("request", "n", Long.MAX_VALUE);
                        publisher.await("sent");
                        yield COUNT;
                    }
                    case FAIL -> {
                        assertThat(publisher.await("send-failed").text("code")).isEqualTo("OVERFLOW");
                        yield publisher.ask("sender").number("sent");
                    }
                    case OVERWRITE_OLDEST, EVICT_SLOW -> {
                        publisher.await("sent");
                        yield COUNT;
                    }
                };
        publisher.ask("complete");
        paused.ask("request", "n", Long.MAX_VALUE);

        if (overflow == Overflow.Kind.FAIL) {
            assertThat(written).isBetween(1L, COUNT - 1);
        }
        assertThat(all.await("ended").text("how")).isEqualTo("complete");
        assertThat(newest.await("ended").text("how")).isEqualTo("complete");
        assertThat(newest.ask("receiver").number("next.1")).isEqualTo(written);
        assertThat(countedIn(all)).isEqualTo(written);
        if (evicting) {
            assertThat(paused.await("ended").text("code")).isEqualTo("EVICTED");
        } else {
            assertThat(paused.await("ended").text("how")).isEqualTo("complete");
            assertThat(countedIn(paused)).isEqualTo(written);
        }
        if (lossless) {
            assertThat(paused.ask("receiver").number("lost")).isZero();
            long worked = 0;
            for (ChildJvm worker : workers) {
                worked += worker.askUntil("worker", line -> line.text("end").equals("complete"))
                        .number("begun");
            }
            assertThat(worked).isEqualTo(written);
        } else {
            for (ChildJvm worker : workers) {
                assertThat(worker.askUntil("worker", line -> !line.text("end").equals("null"))
                                .text("end"))
                        .contains("publish with WAIT or FAIL");
            }
        }
    }

    private static long countedIn(ChildJvm subscriber) {
        Line report = subscriber.ask("receiver");
        return report.number("count") + report.number("lost");
    }

    private static void subscribe(ChildJvm jvm, long demand, Object... choices) {
        List<Object> all = new ArrayList<>(List.of(choices));
        all.addAll(List.of("lossy", true, "gap", all.contains("LATEST") ? "ERROR" : "SKIP_TO_OLDEST"));
        ask(jvm, "subscribe", all.toArray());
        jvm.ask("receive", "how", "decoded", "demand", demand);
    }

    private static void ask(ChildJvm jvm, String word, Object... choices) {
        begin(jvm, word, choices);
        Line answer = jvm.answer();
        assertThat(answer.word()).as(answer.toString()).isEqualTo("ok");
    }

    private static void begin(ChildJvm jvm, String word, Object... choices) {
        List<Object> values = new ArrayList<>(List.of(STREAM));
        values.addAll(List.of(choices));
        jvm.begin(word, values.toArray());
    }
}
