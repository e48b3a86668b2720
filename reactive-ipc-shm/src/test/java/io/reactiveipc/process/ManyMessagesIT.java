package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing lost, nothing twice, nothing out of order, and every byte as it was sent. */
@Timeout(300)
class ManyMessagesIT {
    private static final Object[] RANDOM_LENGTHS = {"min", 16, "usual", 200, "max", 512 * 1024};

    @RegisterExtension
    final Children children = Children.fullyCompiled();

    @Test
    void theseTestsRunInTheMemoryModeThatTheBuildNames() {
        assertThat(Memory.mode()).isEqualTo(System.getProperty("reactive.ipc.expected.memory", Memory.mode()));
        ChildJvm child = children.launch("child", children.directory(), Memory.mode(), List.of());
        assertThat(child.await("ready").text("memory")).isEqualTo(Memory.mode());
    }

    @Test
    void tenMillionMessagesOfRandomLengthsCross() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        long count = 10_000_000;

        publish(jvms.get(0), 1);
        receive(jvms.get(1), "decoded");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", count);

        assertArrived(jvms.get(0), jvms.get(1), 1, count);
    }

    @Test
    void threeSubscribersEachSeeAll() {
        List<ChildJvm> jvms = children.start("publisher", "by mapper", "by lease", "fused");
        long count = 3_000_000;

        publish(jvms.get(0), 1);
        receive(jvms.get(1), "mapped");
        receive(jvms.get(2), "leases");
        receive(jvms.get(3), "fused");
        jvms.get(0).ask("await", "subscribers", 3);
        jvms.get(0).ask("send", "count", count, "counting", true);

        Line sent = jvms.get(0).await("sent");
        jvms.get(0).ask("complete");
        for (ChildJvm subscriber : jvms.subList(1, 4)) {
            assertComplete(subscriber.await("ended"), 1, count, sent.number("sum"));
        }
    }

    @Test
    void threePublishersAreMergedEachInItsOrder() {
        List<ChildJvm> jvms = children.start("subscriber", "first", "second", "third");
        long count = 2_000_000;

        for (int seed = 1; seed <= 3; seed++) {
            publish(jvms.get(seed), seed);
        }
        receive(jvms.get(0), "messages");
        List<ChildJvm> publishers = jvms.subList(1, 4);
        publishers.forEach(publisher -> publisher.ask("await", "subscribers", 1));
        publishers.forEach(publisher -> publisher.ask("send", "count", count));

        List<Long> sums = new ArrayList<>();
        for (ChildJvm publisher : publishers) {
            sums.add(publisher.await("sent").number("sum"));
        }
        publishers.forEach(publisher -> publisher.ask("complete"));
        Line ended = jvms.get(0).await("ended");
        for (int seed = 1; seed <= 3; seed++) {
            assertComplete(ended, seed, count, sums.get(seed - 1));
        }
        assertThat(ended.number("count")).isEqualTo(3 * count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unsafe", "varhandle"})
    void theTwoMemoryModesShareARing(String publishing) {
        String receiving = publishing.equals("unsafe") ? "varhandle" : "unsafe";
        ChildJvm publisher = children.launch("publisher", children.directory(), publishing, List.of());
        ChildJvm subscriber = children.launch("subscriber", children.directory(), receiving, List.of());
        Children.open(publisher);
        Children.open(subscriber);

        publish(publisher, 1);
        receive(subscriber, "mapped");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 500_000);

        assertArrived(publisher, subscriber, 1, 500_000);
    }

    private static void publish(ChildJvm publisher, long seed) {
        publisher.ask("publish", with("stream", "many", "seed", seed));
    }

    private static void receive(ChildJvm subscriber, String how) {
        subscriber.ask("subscribe", with("stream", "many"));
        subscriber.ask("receive", "how", how);
    }

    private static Object[] with(Object... values) {
        List<Object> all = new ArrayList<>(List.of(values));
        all.addAll(List.of(RANDOM_LENGTHS));
        return all.toArray();
    }

    private static void assertArrived(ChildJvm publisher, ChildJvm subscriber, long seed, long count) {
        Line sent = publisher.await("sent");
        publisher.ask("complete");
        assertComplete(subscriber.await("ended"), seed, count, sent.number("sum"));
    }

    private static void assertComplete(Line ended, long seed, long count, long sum) {
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("first." + seed)).isZero();
        assertThat(ended.number("next." + seed)).isEqualTo(count);
        assertThat(ended.number("sum." + seed)).isEqualTo(sum);
        assertThat(ended.number("terminals")).isEqualTo(1);
    }
}
