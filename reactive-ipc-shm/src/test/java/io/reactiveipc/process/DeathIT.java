package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.PublisherLostException;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that are killed hold nobody back, lose nothing they had committed, and leave nothing for good. */
@Timeout(120)
class DeathIT {
    private static final int CAPACITY = 64 * 1024;
    private static final int RECORD = 1024; // divides the capacity: no padding, so a number tells the position
    private static final Object[] STREAM = {
        "stream", "mortal", "capacity", CAPACITY, "min", 1000, "usual", 1000, "max", 1000
    };

    /** Who is killed is to be in code as a process that stays has it. */
    @RegisterExtension
    final Children children = Children.fullyCompiled();

    @Test
    void aKilledSubscriberIsNotWaitedForLonger() {
        List<ChildJvm> jvms = children.start("publisher", "killed", "survivor");
        ChildJvm publisher = jvms.get(0);
        publisher.ask("publish", STREAM);
        receive(jvms.get(1), "demand", 0);
        receive(jvms.get(2));
        publisher.ask("await", "subscribers", 2);
        publisher.ask("send", "count", 100_000, "counting", true);
        publisher.askUntil("sender", line -> line.number("free") < 2 * RECORD);

        jvms.get(1).kill();

        Line sent = publisher.await("sent");
        assertThat(publisher.ask("sender").number("subscribers")).isEqualTo(1);
        publisher.ask("complete");
        Line ended = jvms.get(2).await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("next.1")).isEqualTo(100_000);
        assertThat(ended.number("sum.1")).isEqualTo(sent.number("sum"));
    }

    @RepeatedTest(3)
    void allThatAKilledPublisherCommittedArrivesAndThenItsLossOnce() throws IOException {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        receive(jvms.get(0));
        jvms.get(1).ask("publish", STREAM);
        jvms.get(1).ask("await", "subscribers", 1);
        try (FileChannel ring = FileChannel.open(children.ring("mortal"))) {
            jvms.get(1).ask("send");
            jvms.get(0).askUntil("receiver", line -> line.number("count") > 10_000);

            jvms.get(1).kill();

            assertLost(jvms.get(0), committed(ring));
        }
        jvms.get(0).ask("close");
        assertThat(children.leftovers()).isEmpty();
    }

    /** The kernel takes its time to free so much, and the lock of the dead process with it. */
    @Test
    void aSuccessorDoesNotWaitForThePredecessorWithALargeHeapToBeGone() throws IOException {
        assumeTrue(availableMemory() > 8L << 30, "8 GiB of free memory");
        ChildJvm subscriber = children.start("subscriber");
        ChildJvm publisher = children.launch(
                "large", children.directory(), Memory.mode(), List.of(), "-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");
        ChildJvm successor = children.start("successor");
        Children.open(publisher);
        ask(subscriber, "subscribe", "successor", true);
        subscriber.ask("receive", "demand", 0);
        ask(publisher, "publish", "seed", 1);
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 50);
        publisher.await("sent");

        publisher.kill();
        ask(successor, "publish", "seed", 2);
        successor.ask("await", "subscribers", 1);
        successor.ask("send", "count", 50);
        successor.await("sent");

        subscriber.ask("request", "n", Long.MAX_VALUE);
        Line all = subscriber.askUntil("receiver", line -> line.number("count") == 100);
        assertThat(all.number("next.1")).isEqualTo(50);
        assertThat(all.number("next.2")).isEqualTo(50);
        assertThat(all.number("terminals")).isZero();
    }

    private static void ask(ChildJvm jvm, String word, Object... more) {
        List<Object> values = new ArrayList<>(List.of(STREAM));
        values.addAll(List.of(more));
        jvm.ask(word, values.toArray());
    }

    private static long availableMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    @Test
    void aFullRingIsDrainedAfterItsPublisherWasKilled() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber", "bystander");
        receive(jvms.get(1), "demand", 0);
        jvms.get(0).ask("publish", STREAM);
        jvms.get(0).ask("await", "subscribers", 1);
        try (FileChannel ring = FileChannel.open(children.ring("mortal"))) {
            jvms.get(0).ask("send");
            jvms.get(0).askUntil("sender", line -> line.number("free") < 2 * RECORD);
            jvms.get(0).kill();
            long committed = committed(ring);
            assertThat(committed).isGreaterThan(CAPACITY / RECORD / 2);
            untilGone(); // its files; the mapping of the reader stays

            assertThat(jvms.get(1).ask("receiver").number("terminals")).isZero();
            jvms.get(1).ask("request", "n", Long.MAX_VALUE);

            assertLost(jvms.get(1), committed);
        }
    }

    @Test
    void aSuccessorIsReceivedAfterResubscribing() {
        ChildJvm subscriber = children.start("subscriber");
        subscriber.ask("subscribe", STREAM);
        for (int life = 1; life <= 4; life++) {
            ChildJvm publisher = children.start("life " + life);
            subscriber.ask("receive");
            publisher.ask("publish", with("seed", life));
            publisher.ask("await", "subscribers", 1);
            publisher.ask("send");
            subscriber.askUntil("receiver", line -> line.number("count") > 500);
            publisher.kill();
            Line ended = subscriber.await("ended");
            assertThat(ended.text("type")).isEqualTo(PublisherLostException.class.getName());
            assertThat(ended.number("first." + life)).isZero();
            assertThat(ended.number("next." + life)).isEqualTo(ended.number("count"));
        }
    }

    @Test
    void theSlotOfAKilledSubscriberIsTakenByTheNext() {
        List<ChildJvm> jvms = children.start("publisher", "killed", "next");
        jvms.get(0).ask("publish", with("maxSubscribers", 1));
        receive(jvms.get(1));
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(2).ask("subscribe", STREAM);
        jvms.get(2).ask("receive");
        Line refused = jvms.get(2).await("ended");
        assertThat(refused.text("code", refused.toString())).isEqualTo("TOO_MANY_SUBSCRIBERS");
        assertThat(refused.text("message")).contains("all 1 subscriber slots", "raise maxSubscribers");

        jvms.get(1).kill();
        jvms.get(0).askUntil("sender", line -> line.number("subscribers") == 0);

        jvms.get(2).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(2).askUntil("receiver", line -> line.number("count") == 1000);
    }

    @Test
    void nodesKilledWhileTheyComeAndGoStopNobody() {
        for (int round = 1; round <= 4; round++) {
            List<ChildJvm> churning = List.of(
                    children.launch("churning", children.directory(), Memory.mode(), List.of()),
                    children.launch("churning too", children.directory(), Memory.mode(), List.of()));
            for (int i = 0; i < churning.size(); i++) {
                churning.get(i).await("ready");
                churning.get(i).begin("churn", with("seed", i));
            }
            for (ChildJvm child : churning) {
                child.awaitAny("churned", 3 * round);
                child.kill();
            }
        }
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        assertThat(children.leftovers())
                .allMatch(name -> name.endsWith(".bell"))
                .hasSizeLessThan(3);
        jvms.get(0).ask("publish", STREAM);
        receive(jvms.get(1));
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 1000);
        jvms.forEach(jvm -> jvm.ask("close"));
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void theNextNodeClearsAwayWhatKilledOnesLeft() {
        List<ChildJvm> jvms = children.start("publisher", "other publisher", "subscriber");
        jvms.get(0).ask("publish", STREAM);
        jvms.get(1).ask("publish", "stream", "other");
        receive(jvms.get(2));
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send");
        jvms.forEach(ChildJvm::kill);
        assertThat(children.files()).anyMatch(name -> name.endsWith(".ring"));

        ChildJvm next = children.start("next");

        assertThat(children.leftovers())
                .allMatch(name -> name.endsWith(".bell"))
                .hasSizeLessThan(2);
        next.ask("publish", STREAM);
        next.ask("close");
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void aStoppedPublisherIsNotTakenForDead() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", STREAM);
        receive(jvms.get(1));
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(0).await("sent");
        jvms.get(0).suspend();
        // A whole node comes, looks for the dead, and goes: the stopped one is not among them.
        ChildJvm visitor = children.start("visitor");
        visitor.ask("publish", "stream", "visit");
        visitor.ask("close");
        assertThat(jvms.get(1).ask("receiver").number("terminals")).isZero();
        jvms.get(0).resume();
        jvms.get(0).ask("send", "count", 1000);
        Line sent = jvms.get(0).await("sent");
        jvms.get(0).ask("complete");

        Line ended = jvms.get(1).await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("sum.1")).isEqualTo(sent.number("sum"));
    }

    private void untilGone() {
        while (children.files().stream().anyMatch(name -> name.endsWith(".ring"))) {
            Thread.onSpinWait();
        }
    }

    private static void receive(ChildJvm subscriber, Object... receiving) {
        subscriber.ask("subscribe", STREAM);
        subscriber.ask("receive", receiving);
    }

    private static void assertLost(ChildJvm subscriber, long committed) {
        Line ended = subscriber.await("ended");
        assertThat(ended.text("type")).as(ended.toString()).isEqualTo(PublisherLostException.class.getName());
        assertThat(ended.text("message"))
                .containsPattern(
                        "node \"[a-z0-9]+\" \\(pid \\d+, row \\d+\\), id [-0-9a-f]{36}, was found dead at 2\\d{3}-[^ ]+Z: its"
                                + " liveness lock is free");
        assertThat(ended.number("first.1")).isZero();
        assertThat(ended.number("next.1")).isEqualTo(committed);
        assertThat(subscriber.ask("receiver").number("terminals")).isEqualTo(1);
    }

    /** How many messages a ring that nobody writes any more has seen: its tail, and what was stamped beyond it. */
    private static long committed(FileChannel ring) throws IOException {
        long key = longAt(ring, RingLayout.SESSION_KEY_OFFSET);
        long position = longAt(ring, RingLayout.TAIL_OFFSET);
        while (longAt(ring, RingLayout.offset(position, CAPACITY) + RecordLayout.STAMP_OFFSET) == (position ^ key)) {
            position += RECORD;
        }
        return position / RECORD;
    }

    private static long longAt(FileChannel file, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            file.read(bytes, offset + bytes.position());
        }
        return bytes.getLong(0);
    }

    private static Object[] with(Object... values) {
        Object[] all = new Object[STREAM.length + values.length];
        System.arraycopy(STREAM, 0, all, 0, STREAM.length);
        System.arraycopy(values, 0, all, STREAM.length, values.length);
        return all;
    }
}
