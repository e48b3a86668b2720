package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PeerEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.subscriber.TestSubscriber;

/** What nodes are told of each other, on any transport with a control plane. */
public abstract class ControlPlaneContract extends DataPlaneContract {
    private IpcPublication<Long> publication() {
        return nodes.publish(numbers);
    }

    private Disposable receive(IpcSubscription<Long> subscription, IpcPublication<Long> publication) {
        Disposable receiving = subscription.receive().subscribe();
        awaitSubscribers(publication, 1);
        return receiving;
    }

    @Test
    void bothSidesLearnOfEachOtherByName() {
        try (EventLog seenBySender = new EventLog(nodes.sender().events());
                EventLog seenByReceiver = new EventLog(nodes.receiver().events())) {
            receive(nodes.subscribe(numbers), publication());

            assertThat(seenBySender.await(PeerEvent.Connected.class).peer().name())
                    .isEqualTo("receiver");
            assertThat(seenByReceiver.await(PeerEvent.Connected.class).peer().name())
                    .isEqualTo("sender");
        }
    }

    @Test
    void thePublisherIsToldWhenItsStreamIsWantedAndWhenNoLonger() {
        IpcPublication<Long> publication = publication();
        try (EventLog seen = new EventLog(publication.events())) {
            Disposable receiving = receive(nodes.subscribe(numbers), publication);
            assertThat(seen.await(PeerEvent.Ready.class).stream()).isEqualTo("numbers");

            receiving.dispose();
            PeerEvent.NotReady notReady = seen.await(PeerEvent.NotReady.class);
            assertThat(notReady.stream()).isEqualTo("numbers");
            assertThat(notReady.reason()).isEqualTo("cancelled");
        }
    }

    @Test
    void aSubscriberWithoutDemandIsNotReadyUntilItAsksForMore() {
        IpcPublication<Long> publication = publication();
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(1).build();
        try (EventLog seen = new EventLog(publication.events())) {
            nodes.subscribe(numbers).receive().subscribe(subscriber);
            awaitSubscribers(publication, 1);
            seen.await(PeerEvent.Ready.class);
            send(publication, 0, 1);

            assertThat(seen.await(PeerEvent.NotReady.class).reason()).isEqualTo("paused");
            subscriber.request(1);
            TwoNodes.until("ready again", () -> seen.all(PeerEvent.Ready.class).size() == 2);
        }
        subscriber.cancel();
    }

    @Test
    void whoComesLateIsToldWhatHolds() {
        IpcPublication<Long> publication = publication();
        try (EventLog first = new EventLog(nodes.sender().events())) {
            receive(nodes.subscribe(numbers), publication);
            PeerEvent ready = first.await(PeerEvent.Ready.class);

            assertThat(nodes.sender().events().take(2).collectList().block(TwoNodes.PATIENCE))
                    .containsExactly(first.await(PeerEvent.Connected.class), ready);
        }
    }

    @Test
    void aNodeThatIsClosedHasLeftOnceAndNotCrashed() {
        IpcPublication<Long> publication = publication();
        try (EventLog seen = new EventLog(nodes.sender().events())) {
            receive(nodes.subscribe(numbers), publication);
            seen.await(PeerEvent.Ready.class);
            nodes.receiver().close();

            assertThat(seen.await(PeerEvent.Left.class).peer().name()).isEqualTo("receiver");
            nodes.sender().close();
            seen.awaitComplete();
            assertThat(seen.all(PeerEvent.Left.class)).hasSize(1);
            assertThat(seen.all(PeerEvent.Crashed.class)).isEmpty();
        }
    }

    @Test
    void theEventsOfStreamsEndWithTheirNode() {
        IpcPublication<Long> publication = publication();
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        try (EventLog ofPublication = new EventLog(publication.events());
                EventLog ofSubscription = new EventLog(subscription.events())) {
            nodes.close();
            ofPublication.awaitComplete();
            ofSubscription.awaitComplete();
        }
    }

    @Test
    void closingRightAfterConnectingIsAGoodbyeToo() {
        IpcPublication<Long> publication = publication();
        for (int round = 0; round < 20; round++) {
            try (EventLog seen = new EventLog(nodes.sender().events())) {
                IpcNode passing = transport.node("passing" + round).build();
                Disposable receiving = passing.subscribe(numbers)
                        .block(TwoNodes.PATIENCE)
                        .receive()
                        .subscribe(value -> {}, e -> {});
                seen.await(PeerEvent.Connected.class);
                passing.close();

                seen.await(PeerEvent.Left.class);
                assertThat(seen.all(PeerEvent.Crashed.class)).isEmpty();
                receiving.dispose();
            }
        }
        untilDetached(publication);
    }

    @Test
    void heartbeatsCarryTheLagAndStopWithTheirHandle() {
        IpcPublication<Long> publication = publication();
        TestSubscriber<Long> slow = TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(numbers).receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        try (EventLog seen = new EventLog(nodes.sender().events())) {
            seen.await(PeerEvent.Connected.class);
            fill(publication, 0);
            Disposable heartbeats = nodes.sender().startHeartbeat(Duration.ofMillis(5));
            // One that was answered while the ring was being filled tells of less.
            PeerEvent.Heartbeat heartbeat =
                    seen.await(PeerEvent.Heartbeat.class, beat -> beat.lagBytes() == FULL * 32L);

            assertThat(heartbeat.ringFill()).isBetween(0.9, 1.0);
            assertThat(heartbeat.roundTrip().isNegative()).isFalse();
            heartbeats.dispose();
        }
        slow.cancel();
    }

    @Test
    void eventsOfANodeThatIsClosedComplete() {
        nodes.sender().close();
        assertThat(nodes.sender().events().collectList().block(TwoNodes.PATIENCE))
                .isEmpty();
    }
}
