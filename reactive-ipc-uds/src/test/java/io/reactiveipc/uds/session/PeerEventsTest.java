package io.reactiveipc.uds.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(30)
class PeerEventsTest {
    private static final PeerInfo A = new PeerInfo(new UUID(0, 1), "a", 1, Instant.EPOCH);
    private static final PeerInfo B = new PeerInfo(new UUID(0, 2), "b", 1, Instant.EPOCH);

    private final List<PeerEvent> current = new ArrayList<>();
    private final PeerEvents events =
            new PeerEvents(new Timers(Schedulers.immediate(), Runnable::run), () -> List.copyOf(current));

    private static PeerEvent beat(PeerInfo peer, long sequence) {
        return new PeerEvent.Heartbeat(peer, Instant.EPOCH, sequence, Duration.ZERO, 0, 0);
    }

    private static PeerEvent ready(PeerInfo peer, String stream) {
        return new PeerEvent.Ready(peer, Instant.EPOCH, stream);
    }

    @Test
    void stateChangesWaitForASlowSubscriberAndOfHeartbeatsTheLatest() {
        StepVerifier.create(events, 0)
                .then(() -> {
                    events.emit(ready(A, "1"));
                    events.emit(beat(A, 1));
                    events.emit(beat(B, 1));
                    events.emit(beat(A, 2));
                    events.emit(ready(A, "2"));
                    events.emit(beat(A, 3));
                    events.emit(beat(A, 4));
                    events.emit(beat(B, 2));
                    events.complete();
                })
                .thenRequest(2)
                .expectNext(ready(A, "1"), beat(A, 2))
                .thenRequest(100)
                .expectNext(beat(B, 2), ready(A, "2"), beat(A, 4))
                .verifyComplete();
    }

    @Test
    void aSlowSubscriberHoldsNobodyBackAndBuffersOneHeartbeatPerPeer() {
        List<PeerEvent> fast = new ArrayList<>();
        events.subscribe(fast::add);
        BaseSubscriber<PeerEvent> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
        events.subscribe(slow);
        for (int i = 0; i < 10_000; i++) {
            events.emit(beat(A, i));
            events.emit(beat(B, i));
        }
        assertThat(fast).hasSize(20_000);
        StepVerifier.create(events.take(0)).verifyComplete();
        slow.cancel();
    }

    @Test
    void aLateSubscriberSeesWhatHoldsFirst() {
        current.add(ready(A, "held"));
        StepVerifier.create(events)
                .expectNext(ready(A, "held"))
                .then(() -> events.emit(ready(B, "new")))
                .expectNext(ready(B, "new"))
                .thenCancel()
                .verify();
        events.emit(ready(A, "to nobody"));
    }

    @Test
    void afterTheEndThereIsOnlyTheEnd() {
        events.complete();
        StepVerifier.create(events).verifyComplete();
    }

    @Test
    void concurrentRequestsAndCancellationsKeepOrderAndLoseNothing() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            PeerEvents shared = new PeerEvents(new Timers(Schedulers.immediate(), executor), List::of);
            int count = 50_000;
            List<PeerEvent> seen = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            CountDownLatch subscribed = new CountDownLatch(1);
            shared.publishOn(Schedulers.parallel(), false, 1).subscribe(seen::add, error -> {}, done::countDown);
            executor.execute(subscribed::countDown);
            subscribed.await();
            for (int i = 0; i < count; i++) {
                PeerEvent event = ready(A, Integer.toString(i));
                executor.execute(() -> shared.emit(event));
                if (i % 100 == 0) {
                    shared.subscribe().dispose();
                }
            }
            executor.execute(shared::complete);
            done.await();
            assertThat(seen).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(((PeerEvent.Ready) seen.get(i)).stream()).isEqualTo(Integer.toString(i));
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
