package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** Losses and evictions are told as events, besides what the Fluxes say. */
@Timeout(60)
class LossEventsIT {
    private static final StreamSpec<String> SPEC =
            StreamSpec.of("losses", Codec.utf8()).capacity(64 * 1024);

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void theGapEventsAddUpToWhatIsLost() {
        StreamSpec<String> spec = SPEC.overflow(Overflow.OVERWRITE_OLDEST).gap(Gap.SKIP_TO_OLDEST);
        IpcPublication<String> publication =
                nodes.open("publisher").publish(spec).block();
        IpcSubscription<String> subscription =
                nodes.open("subscriber").subscribe(spec).block();
        Queue<PeerEvent.Gap> gaps = new ConcurrentLinkedQueue<>();
        subscription.events().ofType(PeerEvent.Gap.class).subscribe(gaps::add);
        TestSubscriber<String> slow = TestSubscriber.builder().initialRequest(0).build();
        subscription.receive().subscribe(slow);
        publication.awaitSubscribers(1).block();
        for (int lap = 0; lap < 3; lap++) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(publication.tryEmit("message").isSuccess()).isTrue();
            }
            slow.request(1);
            int due = lap + 1;
            until("another one", () -> slow.getReceivedOnNext().size() == due);
        }
        publication.complete().block();
        slow.request(Long.MAX_VALUE);
        slow.block(Duration.ofSeconds(40));
        long lost = subscription.lost();
        assertThat(lost + slow.getReceivedOnNext().size()).isEqualTo(30_000);
        until(
                "the events tell of as many",
                () -> gaps.stream()
                                .mapToLong(gap -> gap.lastMissing() - gap.firstMissing() + 1)
                                .sum()
                        == lost);
        assertThat(gaps).allSatisfy(gap -> {
            assertThat(gap.peer().name()).isEqualTo("publisher");
            assertThat(gap.stream()).isEqualTo("losses");
            assertThat(gap.session()).isEqualTo(publication.sessionId());
        });
    }

    @Test
    void thePublisherIsToldWhomItEvicted() {
        StreamSpec<String> spec = SPEC.overflow(Overflow.evictSlow(Duration.ofMillis(100)));
        IpcPublication<String> publication =
                nodes.open("publisher").publish(spec).block();
        nodes.open("slow")
                .subscribe(spec)
                .flatMapMany(IpcSubscription::receive)
                .subscribe(TestSubscriber.builder().initialRequest(0).build());
        publication.awaitSubscribers(1).block();
        StepVerifier.create(publication.events().ofType(PeerEvent.Evicted.class).take(1))
                .then(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        publication.emit("message").block();
                    }
                })
                .assertNext(evicted -> assertThat(evicted.peer().name()).isEqualTo("slow"))
                .expectComplete()
                .verify(Duration.ofSeconds(40));
    }

    /** The test's own timeout ends it. */
    private static void until(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted())
                    .as("in time: " + what)
                    .isFalse();
            Thread.yield();
        }
    }
}
