package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers that are lapped, take the newest only, or are evicted, while a publisher in another process runs at full speed. */
@Timeout(300)
class LappingIT {
    private static final Object[] STREAM = {
        "stream", "laps", "capacity", 1 << 20, "min", 16, "usual", 200, "max", 100_000
    };

    @RegisterExtension
    final Children children = Children.fullyCompiled();

    @Test
    void tenMillionMessagesAreReceivedWholeOrCountedAsLost() {
        long count = 10_000_000;
        List<ChildJvm> jvms = children.start("publisher", "quick", "one by one", "latest");
        ChildJvm publisher = jvms.get(0);
        ask(publisher, "publish", "overflow", "OVERWRITE_OLDEST", "seed", 1);
        subscribe(jvms.get(1), Long.MAX_VALUE, "gap", "SKIP_TO_OLDEST");
        subscribe(jvms.get(2), 1, "gap", "SKIP_TO_LATEST");
        subscribe(jvms.get(3), 1, "delivery", "LATEST");
        publisher.ask("await", "subscribers", 3);
        publisher.ask("send", "count", count);
        publisher.await("sent");
        publisher.ask("complete");

        for (ChildJvm subscriber : jvms.subList(1, 4)) {
            Line ended = subscriber.await("ended");
            assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
            Line report = subscriber.ask("receiver");
            assertThat(report.number("next.1")).as(report.toString()).isEqualTo(count);
            assertThat(report.number("terminals")).isEqualTo(1);
        }
        for (ChildJvm subscriber : jvms.subList(1, 3)) {
            Line report = subscriber.ask("receiver");
            assertThat(report.number("count") + report.number("lost"))
                    .as(report.toString())
                    .isEqualTo(count);
            System.out.printf(
                    "of %d messages %d received, %d lost%n", count, report.number("count"), report.number("lost"));
        }
        assertThat(jvms.get(3).ask("receiver").number("lost")).isZero();
    }

    @Test
    void whoIsStoppedForTooLongIsEvictedAndToldAndTheOthersGetAll() {
        long count = 300_000;
        List<ChildJvm> jvms = children.start("publisher", "stopped", "quick");
        ChildJvm publisher = jvms.get(0);
        // Long enough for one that is not stopped to get a processor meanwhile.
        ask(publisher, "publish", "overflow", "EVICT_SLOW", "patience", 5_000, "seed", 1);
        subscribe(jvms.get(1), Long.MAX_VALUE);
        subscribe(jvms.get(2), Long.MAX_VALUE);
        publisher.ask("await", "subscribers", 2);
        jvms.get(1).suspend();
        publisher.ask("send", "count", count);
        publisher.await("sent");
        publisher.ask("complete");
        assertThat(jvms.get(2).await("ended").text("how")).isEqualTo("complete");
        assertThat(jvms.get(2).ask("receiver").number("count")).isEqualTo(count);
        jvms.get(1).resume();
        assertThat(jvms.get(1).await("ended").text("code")).isEqualTo("EVICTED");
    }

    private static void subscribe(ChildJvm jvm, long demand, Object... choices) {
        ask(jvm, "subscribe", choices);
        jvm.ask("receive", "how", "decoded", "demand", demand);
    }

    private static void ask(ChildJvm jvm, String word, Object... choices) {
        List<Object> values = new ArrayList<>(List.of(STREAM));
        values.addAll(List.of(choices));
        values.addAll(List.of("lossy", true));
        jvm.ask(word, values.toArray());
    }
}
