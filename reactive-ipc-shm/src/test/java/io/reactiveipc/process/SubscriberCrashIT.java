package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.crash.Victim;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribers that are halted at every step: the publisher in this JVM, and another subscriber, go on. */
@Timeout(300)
class SubscriberCrashIT {
    private static final int TWO_RINGS = 2 * Survivor.CAPACITY / Survivor.LENGTH;

    @RegisterExtension
    final Children children = new Children();

    private Survivor survivor;
    private IpcPublication<Long> publication;
    private Received other;
    private List<String> before;
    private long sent;

    @BeforeEach
    void publish() {
        survivor = new Survivor(children, children.directory());
        publication = survivor.publish();
        other = survivor.receive(survivor.subscribe(), Survivor.LENGTH);
        other.request(Long.MAX_VALUE);
        publication.awaitSubscribers(1).block(Survivor.PATIENCE);
        before = survivor.segments();
    }

    @AfterEach
    void close() {
        survivor.close();
    }

    @TestFactory
    Stream<DynamicTest> aSubscriberHaltedAtAnyStepHoldsNobodyUp() {
        return Victim.READER.points().stream().map(point -> Survivor.test(children, point.label(), () -> halt(point)));
    }

    private void halt(CrashPoint point) {
        ChildJvm victim = Children.open(Survivor.launch(children, children.directory(), point, "1"));
        victim.ask("subscribe", Survivor.stream(Survivor.LENGTH));
        if (point == CrashPoint.SLOT_LEFT) {
            victim.ask("receive");
            victim.begin("cancel");
        } else {
            victim.begin("receive");
        }
        while (victim.isAlive()) {
            emit(1);
        }
        Survivor.assertHalted(victim);
        assertAllGoesOn();
    }

    @Test
    void aSubscriberKilledWithLeasesHoldsNobodyUp() {
        ChildJvm victim = children.start("hoarder");
        victim.ask("subscribe", Survivor.stream(Survivor.LENGTH));
        victim.ask("receive", "how", "hoarded");
        publication.awaitSubscribers(2).block(Survivor.PATIENCE);
        emit(10);
        victim.askUntil("receiver", line -> line.number("count") == 10);

        victim.kill();

        assertAllGoesOn();
    }

    private void assertAllGoesOn() {
        emit(TWO_RINGS); // who is dead must be let go of before this ends
        Survivor.until(other::count, count -> count == sent);
        Survivor.until(publication::subscriberCount, count -> count == 1);
        assertThat(other.isOver()).isFalse();
        survivor.assertSweepLeaves(before);
    }

    private void emit(int count) {
        for (int i = 0; i < count; i++) {
            publication.emit(sent++).block(Survivor.PATIENCE);
        }
    }
}
