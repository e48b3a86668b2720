package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.crash.Victim;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishers that are halted at every step: a subscriber in this JVM gets what was committed, and nothing else. */
@Timeout(300)
class PublisherCrashIT {
    /** Messages that take 3040 bytes each, which do not divide the capacity. */
    private static final int ODD_LENGTH = 3000;

    private static final long UNKNOWN = -1;

    @RegisterExtension
    final Children children = new Children();

    private Survivor survivor;
    private List<String> before;

    @BeforeEach
    void subscribe() {
        survivor = new Survivor(children, children.directory());
        before = survivor.segments();
    }

    @AfterEach
    void close() {
        survivor.close();
    }

    @TestFactory
    Stream<DynamicTest> aPublisherHaltedAtAnyStepLeavesExactlyWhatItCommitted() {
        return Victim.WRITER.points().stream().map(point -> Survivor.test(children, point.label(), () -> halt(point)));
    }

    /**
     * @param passage the one that is the last
     * @param length of each message
     * @param committed how many messages there are then, by the meaning of the point
     * @param completed whether the end is one of them
     */
    private record Scenario(int passage, int length, long committed, boolean completed) {
        static Scenario of(CrashPoint point) {
            return switch (point) {
                case CLAIM_MADE, HEADER_BEGUN, RECORD_UNSTAMPED -> new Scenario(8, Survivor.LENGTH, 7, false);
                case RECORD_STAMPED, TAIL_PUBLISHED -> new Scenario(8, Survivor.LENGTH, 8, false);
                case BATCH_HELD_BACK -> new Scenario(3, Survivor.LENGTH, 10, false); // batches of five
                case RECORD_STAGED -> new Scenario(6, Survivor.LENGTH, 5, false); // four of each five
                case STAGE_COPIED -> new Scenario(2, Survivor.LENGTH, 5, false);
                case BATCH_STAMPED -> new Scenario(3, Survivor.LENGTH, 15, false);
                case PADDING_UNSTAMPED, PADDING_STAMPED -> new Scenario(1, ODD_LENGTH, Survivor.CAPACITY / 3040, false);
                case END_UNSTAMPED -> new Scenario(1, Survivor.LENGTH, 5, false);
                case END_STAMPED, RING_ENDED -> new Scenario(1, Survivor.LENGTH, 5, true);
                // when the subscriber falls asleep, or how many messages fit
                case WRITER_ARMED, SLEEPERS_FORGOTTEN, SLOT_DISARMED, BELL_CONNECTED ->
                    new Scenario(1, Survivor.LENGTH, UNKNOWN, false);
                default -> throw new AssertionError("no scenario for a publisher at " + point);
            };
        }
    }

    private void halt(CrashPoint point) throws IOException {
        Scenario scenario = Scenario.of(point);
        IpcSubscription<Long> subscription = survivor.subscribe();
        Received received = survivor.receive(subscription, scenario.length);
        ChildJvm victim = launch(point, Integer.toString(scenario.passage));
        if (isInBatch(point)) {
            victim.await("ready");
            boolean staging = point == CrashPoint.RECORD_STAGED || point == CrashPoint.STAGE_COPIED;
            victim.ask("publishBatches", Survivor.stream(scenario.length, "staging", staging));
        } else {
            publish(victim, scenario.length);
            subscription.awaitReady().block(Survivor.PATIENCE); // joined
        }
        try (FileChannel ring = FileChannel.open(survivor.ring())) {
            if (point != CrashPoint.WRITER_ARMED) {
                received.request(Long.MAX_VALUE);
            }
            act(point, victim);
            Survivor.assertHalted(victim);
            long committed = committed(ring);
            received.request(Long.MAX_VALUE);

            Throwable end = received.end();
            assertThat(received.count()).isEqualTo(committed).isPositive();
            if (scenario.committed != UNKNOWN) {
                assertThat(committed).isEqualTo(scenario.committed);
            }
            if (scenario.completed) {
                assertThat(end).isNull();
            } else {
                assertLost(end);
            }
        }
        subscription.dispose();
        survivor.assertSweepLeaves(before);
    }

    private static boolean isInBatch(CrashPoint point) {
        return switch (point) {
            case BATCH_HELD_BACK, RECORD_STAGED, STAGE_COPIED, BATCH_STAMPED -> true;
            default -> false;
        };
    }

    private static void act(CrashPoint point, ChildJvm victim) {
        if (isInBatch(point)) {
            victim.begin("batches", "count", 10);
            return;
        }
        switch (point) {
            case WRITER_ARMED -> victim.begin("send");
            case SLEEPERS_FORGOTTEN, SLOT_DISARMED, BELL_CONNECTED -> victim.begin("drip", "count", 50); // all fit
            case END_UNSTAMPED, END_STAMPED, RING_ENDED -> {
                victim.ask("emit", "count", 5);
                victim.begin("complete");
            }
            default -> victim.begin("emit", "count", 100);
        }
    }

    @Test
    void aPublisherHaltedInTheMiddleOfAPayloadLeavesExactlyWhatItCommitted() {
        Received received = received();
        ChildJvm victim = launch(CrashPoint.CLAIM_MADE, "1000000");
        publish(victim, Survivor.LENGTH);
        victim.ask("await", "subscribers", 1);

        victim.begin("emit", "count", 100, "halfOf", 40);

        Survivor.assertHalted(victim);
        assertLost(received.end());
        assertThat(received.count()).isEqualTo(40);
        survivor.assertSweepLeaves(before);
    }

    @Test
    void abortedAndOpenClaimsOfAKilledPublisherAreSeenByNobody() {
        Received received = received();
        ChildJvm victim = launch(CrashPoint.CLAIM_MADE, "1000000");
        publish(victim, Survivor.LENGTH);
        victim.ask("await", "subscribers", 1);
        victim.ask("emit", "count", 5);
        victim.ask("claim", "abort", true);
        victim.ask("emit", "count", 5);
        victim.ask("claim", "abort", true);
        victim.ask("claim", "abort", false);

        victim.kill();

        assertLost(received.end());
        assertThat(received.count()).isEqualTo(10);
        survivor.assertSweepLeaves(before);
    }

    @Test
    void aPublisherStoppedInTheMiddleOfARecordIsWaitedForAndGoesOn() throws IOException {
        Received received = received();
        Path held = children.directory().resolve("held");
        ChildJvm victim = launch(CrashPoint.RECORD_UNSTAMPED, "8:" + held);
        publish(victim, Survivor.LENGTH);
        victim.ask("await", "subscribers", 1);
        victim.begin("emit", "count", 100);
        Survivor.until(() -> Files.exists(held), exists -> exists);
        victim.suspend();

        Survivor.until(received::count, count -> count == 7);
        for (int i = 0; i < 20; i++) {
            assertThat(survivor.sweep()).isZero();
        }
        Files.delete(held);
        victim.resume();

        victim.answer();
        Survivor.until(received::count, count -> count == 100);
        assertThat(received.isOver()).isFalse();
    }

    private ChildJvm launch(CrashPoint point, String passages) {
        return Survivor.launch(children, children.directory(), point, passages);
    }

    private static void publish(ChildJvm victim, int length) {
        Children.open(victim);
        victim.ask("publish", Survivor.stream(length)); // and not await there: to wait is to arm
    }

    private Received received() {
        Received received = survivor.receive(survivor.subscribe(), Survivor.LENGTH);
        received.request(Long.MAX_VALUE);
        return received;
    }

    private static void assertLost(Throwable end) {
        assertThat(end).isInstanceOf(PublisherLostException.class).hasMessageContaining("its liveness lock is free");
    }

    /** How many messages stand in a ring from its start on, of which nothing is overwritten yet. */
    private static long committed(FileChannel ring) throws IOException {
        ByteBuffer file = ByteBuffer.allocate((int) ring.size()).order(ByteOrder.LITTLE_ENDIAN);
        ring.read(file, 0);
        long key = file.getLong(RingLayout.SESSION_KEY_OFFSET);
        long count = 0;
        for (int position = 0; position < Survivor.CAPACITY; ) {
            int offset = RingLayout.HEADER_LENGTH + position;
            if (file.getLong(offset + RecordLayout.STAMP_OFFSET) != (position ^ key)) {
                break;
            }
            count += file.getShort(offset + RecordLayout.TYPE_OFFSET) == RecordLayout.DATA ? 1 : 0;
            position +=
                    RecordLayout.align(RecordLayout.HEADER_LENGTH + file.getInt(offset + RecordLayout.LENGTH_OFFSET));
        }
        return count;
    }
}
