package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.PeerLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Readiness is a level: whoever looks is told what holds, and then its changes. */
@Timeout(60)
class ReadinessIT {
    private static final StreamSpec<String> LEVEL = StreamSpec.of("level", Codec.utf8());
    private static final String CONNECTED = "Connected:subscriber";
    private static final String READY = "Ready:subscriber/level";
    private static final String CANCELLED = "NotReady:subscriber/level(cancelled)";
    private static final String PAUSED = "NotReady:subscriber/level(paused)";

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private IpcNode node;
    private IpcPublication<String> publication;
    private IpcSubscription<String> subscription;

    @BeforeEach
    void open() {
        node = nodes.open("publisher");
        publication = node.publish(LEVEL).block();
        subscription = nodes.open("subscriber").subscribe(LEVEL).block();
    }

    @Test
    void aLateObserverIsToldFirstWhatHolds() throws InterruptedException {
        PeerLog early = PeerLog.of(node.events());
        subscription.receive().onErrorComplete().subscribe();
        early.await(READY, 1);

        PeerLog lateOfNode = PeerLog.of(node.events());
        PeerLog lateOfPublication = PeerLog.of(publication.events());
        lateOfNode.await(READY, 1);
        lateOfPublication.await(READY, 1);

        assertThat(early.changes()).containsExactly(CONNECTED, READY);
        assertThat(lateOfNode.changes()).containsExactly(CONNECTED, READY);
        assertThat(lateOfPublication.changes()).containsExactly(READY);
    }

    @Test
    void aLateObserverIsNotToldOfAReadinessThatEnded() throws InterruptedException {
        PeerLog early = PeerLog.of(node.events());
        Disposable receiving = subscription.receive().onErrorComplete().subscribe();
        early.await(READY, 1);
        receiving.dispose();
        early.await(CANCELLED, 1);

        PeerLog late = PeerLog.of(node.events());
        late.await(CONNECTED, 1);
        subscription.receive().onErrorComplete().subscribe();
        late.await(READY, 1);
        early.await(READY, 2);

        assertThat(late.changes()).containsExactly(CONNECTED, READY);
        assertThat(early.changes()).containsExactly(CONNECTED, READY, CANCELLED, READY);
    }

    @Test
    void aPauseIsToldAndSoIsItsEnd() throws InterruptedException {
        PeerLog events = PeerLog.of(publication.events());
        Requester requester = new Requester(10, false);
        subscription.receive().subscribe(requester);
        events.await(READY, 1);
        publication.send(Flux.range(0, 15).map(String::valueOf)).block();

        events.await(PAUSED, 1);
        requester.request(10);
        events.await(READY, 2);
        publication.drained().block();

        assertThat(events.changes()).containsExactly(READY, PAUSED, READY);
    }

    @Test
    void aSubscriberThatAsksForOneMessageAtATimeStaysReady() throws InterruptedException {
        PeerLog events = PeerLog.of(publication.events());
        subscription.receive().subscribe(new Requester(1, true));
        events.await(READY, 1);

        publication.send(Flux.range(0, 200_000).map(String::valueOf)).block();
        publication.drained().block();

        assertThat(events.changes()).containsExactly(READY);
    }

    @Test
    void aSubscriberWithoutDemandIsNotReadyUntilItAsks() throws InterruptedException {
        PeerLog events = PeerLog.of(node.events());
        Requester requester = new Requester(0, false);
        subscription.receive().subscribe(requester);
        events.await(CONNECTED, 1);

        requester.request(1);
        events.await(READY, 1);

        assertThat(events.changes()).containsExactly(CONNECTED, READY);
    }

    @Test
    void aNodeIsReadyAsLongAsOneOfItsSubscribersIs() throws InterruptedException {
        PeerLog events = PeerLog.of(publication.events());
        Disposable first = subscription.receive().onErrorComplete().subscribe();
        events.await(READY, 1);
        Disposable second = subscription.receive().onErrorComplete().subscribe();
        first.dispose();
        publication.emit("for the second").block();
        publication.drained().block();

        second.dispose();
        events.await(CANCELLED, 1);

        assertThat(events.changes()).containsExactly(READY, CANCELLED);
    }

    @Test
    void eachPublicationIsToldOfItsOwnStreamOnly() throws InterruptedException {
        StreamSpec<String> other = StreamSpec.of("other", Codec.utf8());
        IpcPublication<String> otherPublication = node.publish(other).block();
        PeerLog events = PeerLog.of(publication.events());
        PeerLog otherEvents = PeerLog.of(otherPublication.events());
        IpcNode third = nodes.open("third");
        third.subscribe(other).block().receive().onErrorComplete().subscribe();
        subscription.receive().onErrorComplete().subscribe();
        events.await(READY, 1);
        otherEvents.await("Ready:third/other", 1);

        third.close();
        otherEvents.await("Left:third(closed)", 1);

        assertThat(events.changes()).containsExactly(READY);
    }

    /** Requests so many, and one more for each that came if it is to go on. */
    private static final class Requester extends BaseSubscriber<String> {
        private final long first;
        private final boolean goingOn;

        Requester(long first, boolean goingOn) {
            this.first = first;
            this.goingOn = goingOn;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                request(first);
            }
        }

        @Override
        protected void hookOnError(Throwable closed) {
            // the end of the test
        }

        @Override
        protected void hookOnNext(String value) {
            if (goingOn) {
                request(1);
            }
        }
    }
}
