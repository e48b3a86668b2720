package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The slowest subscriber sets the pace of the publisher's source, whatever process it is in. */
@Timeout(120)
class BackPressureIT {
    private static final int CAPACITY = 64 * 1024;
    private static final int RECORD = 1024;
    private static final Object[] STREAM = {
        "stream", "pace", "capacity", CAPACITY, "min", 1000, "usual", 1000, "max", 1000
    };

    @RegisterExtension
    final Children children = new Children();

    @Test
    void aSourceIsNotAskedForMoreThanTheRingHoldsWhileNobodyTakes() {
        List<ChildJvm> jvms = pair("demand", 0);
        ChildJvm publisher = jvms.get(0);

        publisher.ask("send", "count", 10_000, "counting", true);
        Line full = publisher.askUntil("sender", BackPressureIT::isFull);

        assertThat(full.number("asked")).isBetween(full.number("sent"), (long) CAPACITY / RECORD);
        assertThat(jvms.get(1).ask("receiver").number("count")).isZero();

        jvms.get(1).ask("request", "n", 10);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 10);
        Line fullAgain = publisher.askUntil("sender", line -> line.number("sent") == full.number("sent") + 10);
        assertThat(fullAgain.number("asked")).isLessThanOrEqualTo(10 + CAPACITY / RECORD);

        jvms.get(1).ask("request", "n", Long.MAX_VALUE);
        assertAllArrive(publisher, jvms.get(1), 10_000);
    }

    @Test
    void aStoppedSubscriberStopsTheSourceAndLosesNothing() {
        List<ChildJvm> jvms = pair();
        ChildJvm publisher = jvms.get(0);

        publisher.ask("send", "count", 300_000, "counting", true);
        jvms.get(1).askUntil("receiver", line -> line.number("count") > 1000);
        jvms.get(1).suspend();
        Line full = publisher.askUntil("sender", BackPressureIT::isFull);
        // Nobody moves now: what was asked for is in the ring or has room there.
        assertThat(full.number("asked") - full.number("sent")).isBetween(0L, full.number("free") / RECORD);
        assertThat(full.number("sent")).isLessThan(300_000);

        // Stopped is not dead: however often the publisher looks, the slot stays.
        for (int i = 0; i < 1000; i++) {
            Line still = publisher.ask("sender");
            assertThat(still.number("sent")).isEqualTo(full.number("sent"));
            assertThat(still.number("subscribers")).isEqualTo(1);
        }

        jvms.get(1).resume();
        assertAllArrive(publisher, jvms.get(1), 300_000);
    }

    @Test
    void aSubscriberThatAsksOneByOneGetsAll() {
        List<ChildJvm> jvms = pair("demand", 1);

        jvms.get(0).ask("send", "count", 200_000, "counting", true);

        assertAllArrive(jvms.get(0), jvms.get(1), 200_000);
    }

    @Test
    void cancellingFreesTheSlotAndANewFluxGoesOnWhereThePublisherIs() {
        List<ChildJvm> jvms = pair();
        ChildJvm publisher = jvms.get(0);
        ChildJvm subscriber = jvms.get(1);
        publisher.ask("send", "counting", true);

        long before = 0;
        for (int round = 0; round < 20; round++) {
            long first = round;
            Line got = subscriber.askUntil("receiver", line -> line.number("count") > 100 + first);
            assertThat(got.number("first.1")).isGreaterThanOrEqualTo(before);
            subscriber.ask("cancel");
            Line ended = subscriber.await("ended");
            assertThat(ended.text("how")).as(ended.toString()).isEqualTo("cancel");
            before = ended.number("next.1");
            publisher.askUntil("sender", line -> line.number("subscribers") == 0);
            subscriber.ask(
                    "receive",
                    "how",
                    List.of("decoded", "mapped", "messages", "leases", "fused").get(round % 5));
        }
        subscriber.askUntil("receiver", line -> line.number("count") > 100);
        publisher.ask("stop");
        publisher.ask("complete");

        Line sender = publisher.ask("sender");
        Line ended = subscriber.await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("next.1")).isEqualTo(sender.number("sent"));
    }

    private List<ChildJvm> pair(Object... receiving) {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", STREAM);
        jvms.get(1).ask("subscribe", STREAM);
        jvms.get(1).ask("receive", receiving);
        jvms.get(0).ask("await", "subscribers", 1);
        return jvms;
    }

    /** To the last record, so that nothing moves any more: the capacity is a multiple of one. */
    private static boolean isFull(Line sender) {
        return sender.number("free") < RECORD && sender.number("asked") == sender.number("sent");
    }

    private static void assertAllArrive(ChildJvm publisher, ChildJvm subscriber, long count) {
        Line sent = publisher.await("sent");
        publisher.ask("complete");
        Line ended = subscriber.await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("first.1")).isZero();
        assertThat(ended.number("next.1")).isEqualTo(count);
        assertThat(ended.number("sum.1")).isEqualTo(sent.number("sum"));
    }
}
