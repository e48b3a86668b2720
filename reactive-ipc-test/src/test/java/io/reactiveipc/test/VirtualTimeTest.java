package io.reactiveipc.test;

import static io.reactiveipc.test.Streams.PATIENCE;
import static io.reactiveipc.test.Streams.WORDS;
import static io.reactiveipc.test.Streams.awaitSubscribers;
import static io.reactiveipc.test.Streams.publish;
import static io.reactiveipc.test.Streams.subscribe;
import static io.reactiveipc.test.Streams.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** No assertion here waits for time that passes by itself: what a clock brings about is there when the clock was advanced. */
@Timeout(60)
class VirtualTimeTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final InMemoryHost host = InMemoryHost.create(time);
    private final IpcNode sender = host.node("sender");
    private final IpcNode receiver = host.node("receiver");
    private final List<PeerEvent> events = new CopyOnWriteArrayList<>();
    private IpcPublication<String> publication = publish(sender, WORDS);
    private Disposable receiving =
            subscribe(receiver, WORDS).receive().onErrorComplete().subscribe();

    @BeforeEach
    void connect() {
        sender.events().subscribe(events::add);
        awaitSubscribers(publication, 1);
        until("ready", () -> {
            host.catchUp();
            return events.size() == 2;
        });
    }

    @AfterEach
    void close() {
        host.close();
        assertThat(host.leaks()).isEmpty();
    }

    private void advance(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private <E extends PeerEvent> List<E> seen(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<Class<?>> changes() {
        return events.stream()
                .filter(event -> !(event instanceof PeerEvent.Heartbeat))
                .<Class<?>>map(Object::getClass)
                .toList();
    }

    @Test
    void heartbeatsBeatOnTheVirtualClockOnly() {
        assertThat(seen(PeerEvent.Heartbeat.class)).isEmpty();
        advance(Duration.ofSeconds(10));
        assertThat(seen(PeerEvent.Heartbeat.class)).hasSize(20);
        assertThat(seen(PeerEvent.Heartbeat.class).get(19).time().toEpochMilli())
                .isEqualTo(time.now(TimeUnit.MILLISECONDS));
        assertThat(changes()).containsExactly(PeerEvent.Connected.class, PeerEvent.Ready.class);
    }

    @Test
    void aStalledPeerIsStaleAfterItsSilenceAndRecoveredWhenItGoesOn() {
        NodeFaults faults = host.faults(receiver);
        faults.stall();
        advance(Duration.ofMillis(1_900));
        assertThat(seen(PeerEvent.Stale.class)).isEmpty();
        advance(Duration.ofMillis(700));
        assertThat(seen(PeerEvent.Stale.class)).singleElement().satisfies(stale -> assertThat(stale.silence())
                .isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_600)));

        advance(Duration.ofHours(10)); // with more questions unread than a peer may ask in a second
        assertThat(seen(PeerEvent.Stale.class)).hasSize(1);
        faults.resume();
        assertThat(seen(PeerEvent.Recovered.class)).hasSize(1);
        advance(Duration.ofMinutes(1));
        assertThat(changes())
                .containsExactly(
                        PeerEvent.Connected.class,
                        PeerEvent.Ready.class,
                        PeerEvent.Stale.class,
                        PeerEvent.Recovered.class);
    }

    @Test
    void theStalledNodeDoesNotTakeItsOwnStandstillForThatOfOthers() {
        List<PeerEvent> seenByReceiver = new CopyOnWriteArrayList<>();
        receiver.events().subscribe(seenByReceiver::add);
        until("what holds", () -> !seenByReceiver.isEmpty());
        host.faults(receiver).stall();
        advance(Duration.ofMinutes(10));
        host.faults(receiver).resume();
        advance(Duration.ofMinutes(10));
        assertThat(seenByReceiver).noneMatch(PeerEvent.Stale.class::isInstance);
    }

    @Test
    void aCrashIsToldAtOnceAndOnce() {
        host.faults(receiver).crash();
        assertThat(changes())
                .containsExactly(PeerEvent.Connected.class, PeerEvent.Ready.class, PeerEvent.Crashed.class);
        advance(Duration.ofHours(1));
        receiver.close();
        advance(Duration.ofHours(1));
        assertThat(changes()).hasSize(3);
    }

    @Test
    void aCrashOfAStalePeerIsACrash() {
        host.faults(receiver).stall();
        advance(Duration.ofSeconds(5));
        host.faults(receiver).crash();
        assertThat(changes())
                .containsExactly(
                        PeerEvent.Connected.class,
                        PeerEvent.Ready.class,
                        PeerEvent.Stale.class,
                        PeerEvent.Crashed.class);
    }

    @Test
    void whoClosesItsNodeHasLeftWithoutAnyTimePassing() {
        receiver.close();
        until("left", () -> !seen(PeerEvent.Left.class).isEmpty());
        assertThat(seen(PeerEvent.Crashed.class)).isEmpty();
    }

    @Test
    void aPauseOfDemandIsFoundOnTheVirtualClock() {
        receiving.dispose();
        until("not ready", () -> seen(PeerEvent.NotReady.class).size() == 1);
        TestSubscriber<String> slow = TestSubscriber.builder().initialRequest(1).build();
        subscribe(receiver, WORDS).receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        until("ready", () -> seen(PeerEvent.Ready.class).size() == 2);
        publication.emit("taken").block(PATIENCE);
        until("taken", () -> slow.getReceivedOnNext().size() == 1);
        until("paused", () -> {
            advance(Duration.ofSeconds(1)); // again, if the demand was looked at when the message was just being given
            return seen(PeerEvent.NotReady.class).size() == 2;
        });
        assertThat(seen(PeerEvent.NotReady.class).get(1).reason()).isEqualTo("paused");
        slow.cancel();
    }

    @Test
    void aVerifierInVirtualTimeAdvancesTheHost() {
        host.faults(receiver).stall();
        StepVerifier.withVirtualTime(
                        () -> sender.events()
                                .filter(event ->
                                        event instanceof PeerEvent.Stale || event instanceof PeerEvent.Recovered),
                        () -> time,
                        Long.MAX_VALUE)
                .expectSubscription()
                .thenAwait(Duration.ofSeconds(3))
                .expectNextMatches(PeerEvent.Stale.class::isInstance)
                .then(() -> host.faults(receiver).resume())
                .expectNextMatches(PeerEvent.Recovered.class::isInstance)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void nodesThatAreMadeInAVerifiersVirtualTimeLiveInIt() {
        InMemoryHost[] other = new InMemoryHost[1];
        StepVerifier.withVirtualTime(() -> {
                    other[0] = InMemoryHost.create();
                    IpcNode one = other[0].node("one");
                    IpcNode two = other[0].node("two");
                    IpcPublication<String> words = publish(one, WORDS);
                    subscribe(two, WORDS).receive().onErrorComplete().subscribe();
                    awaitSubscribers(words, 1);
                    other[0].catchUp();
                    return one.events().ofType(PeerEvent.Heartbeat.class).take(3);
                })
                .expectSubscription()
                .thenAwait(Duration.ofSeconds(60))
                .expectNextCount(3)
                .expectComplete()
                .verify(PATIENCE);
        other[0].close();
    }
}
