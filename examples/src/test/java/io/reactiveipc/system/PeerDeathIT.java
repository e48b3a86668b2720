package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PublisherLostException;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import io.reactiveipc.process.Line;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that die, stop, go on and leave: what the others are told, how often, and what becomes of the streams. */
@Timeout(120)
class PeerDeathIT {
    private static final int CAPACITY = 64 * 1024;

    /** Messages that the publisher may have counted and not committed: it holds back an eighth of the ring, and one more. */
    private static final int HELD_BACK = 9;

    private static final Object[] STREAM = {
        "stream", "mortal", "capacity", CAPACITY, "min", 1000, "usual", 1000, "max", 1000
    };
    private static final long HEARTBEAT = 100;
    private static final long STALE_AFTER = 3_000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void aKilledSubscriberIsToldOnceAndTheBlockedPublisherGoesOn() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        ChildJvm publisher = jvms.get(0);
        ChildJvm subscriber = jvms.get(1);
        publisher.ask("publish", STREAM);
        Watched events = Watched.of(publisher, "publication");
        subscribe(subscriber, "demand", 10);
        events.until("Ready:subscriber/mortal");
        publisher.ask("send", "count", 10_000);
        publisher.askUntil("sender", line -> line.number("free") < 2048);

        long killedAt = System.currentTimeMillis();
        subscriber.kill();

        publisher.await("sent");
        long told = events.until("Crashed:subscriber") - killedAt;
        print("a publisher was told of a killed subscriber", told);
        assertThat(told).isLessThan(5_000);
        publisher.ask("close");
        // A subscriber that is held up by its own demand may have said so before it was killed.
        assertThat(events.changes())
                .filteredOn(word -> !word.equals("NotReady:subscriber/mortal(paused)"))
                .containsExactly("Ready:subscriber/mortal", "Crashed:subscriber");
        assertThat(events.end()).isEqualTo("complete");
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void aKilledPublisherIsToldOnceAndWhatItCommittedArrivesBeforeItsLoss() {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        ChildJvm subscriber = jvms.get(0);
        ChildJvm publisher = jvms.get(1);
        subscribe(subscriber);
        Watched events = Watched.of(subscriber, "subscription");
        publisher.ask("publish", STREAM);
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send");
        events.until("Connected:publisher");
        subscriber.askUntil("receiver", line -> line.number("count") > 1_000);
        long sent = publisher.ask("sender").number("sent");

        long killedAt = System.currentTimeMillis();
        publisher.kill();

        Line ended = subscriber.await("ended");
        assertThat(ended.text("type", ended.toString())).isEqualTo(PublisherLostException.class.getName());
        assertThat(ended.number("first.1")).isZero();
        // the rest is known only to the ring
        assertThat(ended.number("next.1")).isGreaterThanOrEqualTo(sent - HELD_BACK);
        print("a subscriber lost its killed publisher", ended.number("at") - killedAt);
        long told = events.until("Crashed:publisher") - killedAt;
        print("a subscriber was told of its killed publisher", told);
        assertThat(told).isLessThan(5_000);
        subscriber.ask("close");
        assertThat(events.changes()).containsExactly("Connected:publisher", "Crashed:publisher");
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void aSubscriberThatAwaitsASuccessorGoesOnWithIt() {
        List<ChildJvm> jvms = children.start("subscriber", "life 1", "life 2", "life 3");
        ChildJvm subscriber = jvms.get(0);
        subscriber.ask("subscribe", with("successor", true));
        subscriber.ask("receive");
        Watched events = Watched.of(subscriber, "subscription");
        for (int life = 1; life <= 3; life++) {
            ChildJvm publisher = jvms.get(life);
            String counted = "next." + life;
            publisher.ask("publish", with("seed", life));
            publisher.ask("await", "subscribers", 1);
            publisher.ask("send");
            subscriber.askUntil("receiver", line -> line.number(counted, 0) > 500);
            events.until("Connected:life " + life);

            long killedAt = System.currentTimeMillis();
            publisher.kill();

            long told = events.until("Crashed:life " + life) - killedAt;
            print("a subscriber that awaits a successor was told", told);
            assertThat(told).isLessThan(5_000);
        }
        Line end = subscriber.ask("receiver");
        assertThat(end.number("terminals")).isZero();
        for (int life = 1; life <= 3; life++) {
            assertThat(end.number("first." + life)).as("life " + life).isZero();
        }
        assertThat(events.changes())
                .containsExactly(
                        "Connected:life 1", "Crashed:life 1",
                        "Connected:life 2", "Crashed:life 2",
                        "Connected:life 3", "Crashed:life 3");
    }

    @Test
    void aStoppedSubscriberIsStaleAndNothingIsTakenFromIt() {
        List<ChildJvm> jvms = launchWithHeartbeats("publisher", "subscriber");
        ChildJvm publisher = jvms.get(0);
        ChildJvm subscriber = jvms.get(1);
        publisher.ask("publish", STREAM);
        Watched events = Watched.of(publisher, "publication");
        subscribe(subscriber);
        events.until("Ready:subscriber/mortal");
        publisher.ask("send", "count", 1_000);
        publisher.await("sent");

        long stoppedAt = System.currentTimeMillis();
        subscriber.suspend();
        publisher.ask("send", "count", 1_000); // more than the ring holds
        print(
                "a stopped subscriber was stale, after " + STALE_AFTER + " ms at a heartbeat of " + HEARTBEAT + " ms,",
                events.until("Stale:subscriber") - stoppedAt);
        assertThat(events.silence()).isGreaterThanOrEqualTo(STALE_AFTER);
        publisher.askUntil("sender", line -> line.number("free") < 2048);
        assertThat(publisher.ask("sender").number("subscribers")).isEqualTo(1);
        subscriber.resume();

        events.until("Recovered:subscriber");
        long sum = publisher.await("sent").number("sum");
        publisher.ask("complete");
        Line ended = subscriber.await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("next.1")).isEqualTo(2_000);
        assertThat(ended.number("sum.1")).isEqualTo(sum);
        publisher.ask("close");
        assertThat(events.changes())
                .filteredOn(word -> !word.startsWith("NotReady"))
                .containsExactly("Ready:subscriber/mortal", "Stale:subscriber", "Recovered:subscriber");
    }

    @Test
    void aStoppedPublisherIsStaleAndItsStreamGoesOnAfterwards() {
        List<ChildJvm> jvms = launchWithHeartbeats("subscriber", "publisher");
        ChildJvm subscriber = jvms.get(0);
        ChildJvm publisher = jvms.get(1);
        subscribe(subscriber);
        Watched events = Watched.of(subscriber, "subscription");
        publisher.ask("publish", STREAM);
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 1_000);
        publisher.await("sent");
        events.until("Connected:publisher");

        publisher.suspend();
        events.until("Stale:publisher");
        assertThat(events.silence()).isGreaterThanOrEqualTo(STALE_AFTER);
        assertThat(subscriber.ask("receiver").number("terminals")).isZero();
        publisher.resume();

        events.until("Recovered:publisher");
        publisher.ask("send", "count", 1_000);
        long sum = publisher.await("sent").number("sum");
        publisher.ask("complete");
        Line ended = subscriber.await("ended");
        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("sum.1")).isEqualTo(sum);
        subscriber.ask("close");
        assertThat(events.changes()).containsExactly("Connected:publisher", "Stale:publisher", "Recovered:publisher");
    }

    @Test
    void aPeerThatDiesWhileItIsStoppedIsStaleAndThenCrashed() {
        List<ChildJvm> jvms = launchWithHeartbeats("publisher", "subscriber");
        ChildJvm publisher = jvms.get(0);
        publisher.ask("publish", STREAM);
        Watched events = Watched.of(publisher, "publication");
        subscribe(jvms.get(1));
        events.until("Ready:subscriber/mortal");

        jvms.get(1).suspend();
        events.until("Stale:subscriber");
        jvms.get(1).kill();

        events.until("Crashed:subscriber");
        publisher.ask("close");
        assertThat(events.changes())
                .containsExactly("Ready:subscriber/mortal", "Stale:subscriber", "Crashed:subscriber");
    }

    @Test
    void anOrderlyCloseIsToldOnceAsSuch() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber", "other subscriber");
        ChildJvm publisher = jvms.get(0);
        publisher.ask("publish", STREAM);
        Watched ofPublisher = Watched.of(publisher, "publication");
        jvms.subList(1, 3).forEach(subscriber -> subscribe(subscriber));
        Watched ofSubscriber = Watched.of(jvms.get(1), "subscription");
        ofSubscriber.until("Connected:publisher");
        ofPublisher.until("Ready:subscriber/mortal");
        ofPublisher.until("Ready:other subscriber/mortal");

        jvms.get(2).ask("close");
        assertThat(jvms.get(2).end()).isZero();
        ofPublisher.until("Left:other subscriber(closed)");
        publisher.ask("send", "count", 100);
        publisher.await("sent");
        publisher.ask("close");
        assertThat(publisher.end()).isZero();

        assertThat(jvms.get(1).await("ended").text("how")).isEqualTo("complete");
        ofSubscriber.until("Left:publisher(closed)");
        jvms.get(1).ask("close");
        assertThat(ofSubscriber.changes()).containsExactly("Connected:publisher", "Left:publisher(closed)");
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void aSubscriberThatClosesSaysThatItIsNotReadyAndThenThatItLeaves() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", STREAM);
        Watched events = Watched.of(jvms.get(0), "publication");
        subscribe(jvms.get(1));
        events.until("Ready:subscriber/mortal");

        jvms.get(1).ask("close");

        events.until("Left:subscriber(closed)");
        jvms.get(0).ask("close");
        assertThat(events.changes())
                .filteredOn(word -> !word.startsWith("NotReady"))
                .containsExactly("Ready:subscriber/mortal", "Left:subscriber(closed)");
    }

    private List<ChildJvm> launchWithHeartbeats(String... names) {
        List<ChildJvm> launched = List.of(names).stream().map(children::launch).toList();
        launched.forEach(child -> Children.open(child, "heartbeat", HEARTBEAT, "stale", STALE_AFTER));
        return launched;
    }

    private static void subscribe(ChildJvm subscriber, Object... receiving) {
        subscriber.ask("subscribe", STREAM);
        subscriber.ask("receive", receiving);
    }

    private static void print(String what, long millis) {
        System.out.println(what + " after " + millis + " ms");
    }

    private static Object[] with(Object... values) {
        Object[] all = new Object[STREAM.length + values.length];
        System.arraycopy(STREAM, 0, all, 0, STREAM.length);
        System.arraycopy(values, 0, all, STREAM.length, values.length);
        return all;
    }
}
