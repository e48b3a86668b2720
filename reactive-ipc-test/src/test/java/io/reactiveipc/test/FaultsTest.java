package io.reactiveipc.test;

import static io.reactiveipc.test.Streams.PATIENCE;
import static io.reactiveipc.test.Streams.WORDS;
import static io.reactiveipc.test.Streams.awaitSubscribers;
import static io.reactiveipc.test.Streams.publish;
import static io.reactiveipc.test.Streams.subscribe;
import static io.reactiveipc.test.Streams.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Delivery;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.LappedException;
import io.reactiveipc.Message;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.Signal;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.WaitStrategy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class FaultsTest {
    private final InMemoryHost host = InMemoryHost.create();
    private final IpcNode sender = host.node("sender");
    private final IpcNode receiver = host.node("receiver");

    @AfterEach
    void close() {
        host.close();
        assertThat(host.leaks()).isEmpty();
    }

    private TestSubscriber<String> receive(IpcNode node, StreamSpec<String> spec, IpcPublication<?> publication) {
        TestSubscriber<String> subscriber = TestSubscriber.create();
        int before = publication.subscriberCount();
        subscribe(node, spec).receive().subscribe(subscriber);
        awaitSubscribers(publication, before + 1);
        return subscriber;
    }

    private static List<String> words(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "word " + i).toList();
    }

    private static void send(IpcPublication<String> publication, int from, int to) {
        publication.send(Flux.fromIterable(words(from, to))).block(PATIENCE);
    }

    private static void untilReceived(TestSubscriber<String> subscriber, int count) {
        until(count + " messages", () -> subscriber.getReceivedOnNext().size() == count);
    }

    @Test
    void aRingThatIsKeptFullTakesNothingUntilThereIsRoom() {
        IpcPublication<String> publication = publish(sender, WORDS);
        TestSubscriber<String> subscriber = receive(receiver, WORDS, publication);
        send(publication, 0, 3);
        host.stream("words").keepFull();

        assertThat(publication.tryEmit("refused")).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
        assertThat(publication.freeBytes()).isZero();
        CompletableFuture<Void> waiting = publication.emit("word 3").toFuture();
        CompletableFuture<Void> sending =
                publication.send(Flux.fromIterable(words(4, 6))).toFuture();
        untilReceived(subscriber, 3);
        assertThat(waiting).isNotDone();
        host.stream("words").makeRoom();

        waiting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        sending.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        untilReceived(subscriber, 6);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, 6));
        subscriber.cancel();
    }

    @Test
    void aCorruptedRecordEndsItsStreamBehindWhatCameBeforeAndNoOther() {
        StreamSpec<String> timed = StreamSpec.of("timed", WORDS.codec()).timestamps(true);
        IpcPublication<String> publication = publish(sender, WORDS);
        IpcPublication<String> other = publish(sender, timed);
        TestSubscriber<String> subscriber = receive(receiver, WORDS, publication);
        TestSubscriber<String> unharmed = receive(receiver, timed, other);
        send(publication, 0, 5);
        host.stream("words").corruptNext();
        send(publication, 5, 10);

        subscriber.block(PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, 5));
        assertThat(subscriber.expectTerminalError()).isInstanceOf(CorruptRingException.class);
        send(other, 0, 3);
        untilReceived(unharmed, 3);
        host.stream("timed").corruptNext();
        other.tryEmit("bad").orThrow();
        unharmed.block(PATIENCE);
        assertThat(unharmed.expectTerminalError()).isInstanceOf(CorruptRingException.class);
    }

    private static void missed(Throwable error, long first, long last) {
        assertThat(error).isInstanceOfSatisfying(LappedException.class, lapped -> {
            assertThat(lapped.firstMissing()).isEqualTo(first);
            assertThat(lapped.lastMissing()).isEqualTo(last);
        });
    }

    @Test
    void aLappedReaderIsToldWhichMessagesItMissed() {
        StreamSpec<String> passing = WORDS.overflow(Overflow.OVERWRITE_OLDEST);
        IpcPublication<String> publication = publish(sender, passing);
        IpcSubscription<String> subscription = subscribe(receiver, passing);
        StepVerifier.create(subscription.receive())
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 5))
                .expectNextSequence(words(0, 5))
                .then(() -> host.stream("words").overwriteNext(3))
                .then(() -> send(publication, 5, 10))
                .expectErrorSatisfies(error -> missed(error, 5, 7))
                .verify(PATIENCE);
        assertThat(subscription.lost()).isEqualTo(3);
    }

    @Test
    void aLappedReaderIsToldInTheMidstOfWhatItFindsAtOnce() {
        StreamSpec<String> passing = WORDS.overflow(Overflow.OVERWRITE_OLDEST);
        IpcPublication<String> publication = publish(sender, passing);
        IpcSubscription<String> subscription = subscribe(receiver, passing);
        StepVerifier.create(subscription.receive(), 0)
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 5))
                .then(() -> host.stream("words").overwriteNext(3))
                .then(() -> send(publication, 5, 10))
                .thenRequest(Long.MAX_VALUE)
                .expectNextSequence(words(0, 5))
                .expectErrorSatisfies(error -> missed(error, 5, 7))
                .verify(PATIENCE);
        assertThat(subscription.lost()).isEqualTo(3);
    }

    @Test
    void aLappedReaderGoesOnBehindTheGapIfItSaysSoAndCountsIt() {
        StreamSpec<String> passing = WORDS.overflow(Overflow.OVERWRITE_OLDEST).gap(Gap.SKIP_TO_OLDEST);
        IpcPublication<String> publication = publish(sender, passing);
        IpcSubscription<String> subscription = subscribe(receiver, passing);
        List<PeerEvent> gaps = new CopyOnWriteArrayList<>();
        subscription.events().filter(PeerEvent.Gap.class::isInstance).subscribe(gaps::add);
        TestSubscriber<String> fused = TestSubscriber.create();
        subscription.receive().publishOn(Schedulers.single()).subscribe(fused);
        TestSubscriber<String> newestOnly =
                receive(receiver, passing.gap(Gap.ERROR).delivery(Delivery.LATEST), publication);
        awaitSubscribers(publication, 2);
        send(publication, 0, 2);
        untilReceived(fused, 2);
        host.stream("words").overwriteNext(1);
        host.stream("words").overwriteNext(1);
        send(publication, 2, 6);

        untilReceived(fused, 4);
        assertThat(fused.getReceivedOnNext()).containsExactly("word 0", "word 1", "word 4", "word 5");
        assertThat(subscription.lost()).isEqualTo(2);
        until("the gap is told of", () -> !gaps.isEmpty());
        assertThat(gaps).singleElement().isInstanceOfSatisfying(PeerEvent.Gap.class, gap -> {
            assertThat(gap.firstMissing()).isEqualTo(2);
            assertThat(gap.lastMissing()).isEqualTo(3);
        });
        until("the newest", () -> newestOnly.getReceivedOnNext().contains("word 5"));
        fused.cancel();
        newestOnly.cancel();
    }

    @Test
    void aLappedReaderThatWantsTheLatestGoesOnWithIt() {
        StreamSpec<String> passing = WORDS.overflow(Overflow.OVERWRITE_OLDEST).gap(Gap.SKIP_TO_LATEST);
        IpcPublication<String> publication = publish(sender, passing);
        IpcSubscription<String> subscription = subscribe(receiver, passing);
        TestSubscriber<String> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        subscription.receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        host.faults(receiver).stall();
        host.stream("words").overwriteNext(2);
        send(publication, 0, 6);
        host.faults(receiver).resume();
        subscriber.request(Long.MAX_VALUE);

        untilReceived(subscriber, 1);
        assertThat(subscriber.getReceivedOnNext()).containsExactly("word 5");
        assertThat(subscription.lost()).isEqualTo(5);
        subscriber.cancel();
    }

    @Test
    void nobodyIsLappedOnAStreamThatDoesNotOverwrite() {
        assertThatThrownBy(() -> host.stream("words").overwriteNext(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"words\" has no publication that overwrites")
                .hasMessageContaining("OVERWRITE_OLDEST");
        publish(sender, WORDS);
        assertThatThrownBy(() -> host.stream("words").overwriteNext(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> host.stream("words").overwriteNext(0)).hasMessageContaining("positive: 0");
    }

    @Test
    void aCrashedPublisherIsLostBehindAllThatItHadCommitted() {
        IpcPublication<String> publication = publish(sender, WORDS);
        StepVerifier.create(subscribe(receiver, WORDS).receive())
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> {
                    send(publication, 0, 100);
                    host.faults(sender).crash();
                    sender.close(); // a word that nobody hears
                })
                .expectNextSequence(words(0, 100))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(PublisherLostException.class)
                        .hasMessageContaining("sender"))
                .verify(PATIENCE);
    }

    @Test
    void whatAMemberOfAQueueHadThatCrashesBehindTheEndGoesToAnother() {
        StreamSpec<String> queue = WORDS.delivery(Delivery.queue("workers"));
        IpcPublication<String> publication = publish(sender, queue);
        TestSubscriber<Message> hoarder = TestSubscriber.create();
        subscribe(receiver, queue).leases().subscribe(hoarder);
        awaitSubscribers(publication, 1);
        send(publication, 0, 3);
        until("it has all", () -> hoarder.getReceivedOnNext().size() == 3);
        TestSubscriber<String> other = receive(host.node("other"), queue, publication);
        publication.complete().block(PATIENCE);
        host.faults(receiver).crash();
        until("the end", other::isTerminated);
        assertThat(other.getReceivedOnNext()).isEqualTo(words(0, 3));
        hoarder.cancel();
    }

    @Test
    void whoAwaitsASuccessorGoesOnWithIt() {
        StreamSpec<String> patient = WORDS.awaitSuccessor(true);
        IpcPublication<String> publication = publish(sender, patient);
        TestSubscriber<String> subscriber = receive(receiver, patient, publication);
        send(publication, 0, 3);
        untilReceived(subscriber, 3); // there is no order between two publications
        host.faults(sender).crash();

        IpcNode again = host.node("sender");
        IpcPublication<String> successor = publish(again, patient);
        awaitSubscribers(successor, 1);
        send(successor, 3, 6);
        untilReceived(subscriber, 6);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, 6));
        subscriber.cancel();
    }

    @Test
    void aSuccessorThatHasEndedBeforeTheLostOneIsReadToItsEndIsNotWaitedFor() {
        StreamSpec<String> patient = WORDS.awaitSuccessor(true);
        IpcPublication<String> publication = publish(sender, patient);
        TestSubscriber<String> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        subscribe(receiver, patient).receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        send(publication, 0, 3);
        host.faults(sender).crash();

        IpcPublication<String> successor = publish(host.node("sender"), patient);
        awaitSubscribers(successor, 1);
        successor.complete().block(PATIENCE);
        until("the end of the successor is read", () -> successor.subscriberCount() == 0);
        subscriber.request(Long.MAX_VALUE);

        subscriber.block(PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, 3));
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    /** Repeated, because what it is to find is a race: the death that comes as soon as the other's slot is free. */
    @RepeatedTest(200)
    void aPublicationThatEndedWhileTheLostOneLivedIsNoSuccessor() {
        StreamSpec<String> patient = WORDS.awaitSuccessor(true);
        IpcPublication<String> publication = publish(sender, patient);
        TestSubscriber<String> subscriber = receive(receiver, patient, publication);
        IpcPublication<String> other = publish(host.node("other"), patient);
        awaitSubscribers(other, 1);
        other.complete().block(PATIENCE);
        until("the other's end is read", () -> other.subscriberCount() == 0);
        host.faults(sender).crash();

        IpcPublication<String> successor = publish(host.node("sender"), patient);
        awaitSubscribers(successor, 1);
        send(successor, 0, 3);
        successor.complete().block(PATIENCE);

        subscriber.block(PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, 3));
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    @Test
    void aCrashedSubscriberIsWaitedForNoLonger() {
        IpcPublication<String> publication = publish(sender, WORDS);
        TestSubscriber<String> stuck =
                TestSubscriber.builder().initialRequest(0).build();
        subscribe(receiver, WORDS).receive().subscribe(stuck);
        awaitSubscribers(publication, 1);
        CompletableFuture<Void> sending =
                publication.send(Flux.fromIterable(words(0, 5_000))).toFuture();
        until("the ring is full", () -> publication.freeBytes() < 64);
        assertThat(sending).isNotDone();
        host.faults(receiver).crash();

        sending.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(publication.subscriberCount()).isZero();
        assertThat(stuck.getReceivedOnNext()).isEmpty();
    }

    @Test
    void peersOfANodeThatCrashedHearOfItAndNothingAfterwards() {
        List<PeerEvent> seen = new CopyOnWriteArrayList<>();
        sender.events().filter(event -> !(event instanceof PeerEvent.Heartbeat)).subscribe(seen::add);
        IpcPublication<String> publication = publish(sender, WORDS);
        receive(receiver, WORDS, publication);
        until("ready", () -> seen.size() == 2);
        host.faults(receiver).crash();
        until("crashed", () -> seen.size() == 3);
        receiver.close();

        assertThat(seen)
                .hasExactlyElementsOfTypes(PeerEvent.Connected.class, PeerEvent.Ready.class, PeerEvent.Crashed.class);
    }

    @Test
    void aStalledReaderHoldsItsPublisherBackAndReadsOnWhereItWas() {
        IpcPublication<String> publication = publish(sender, WORDS);
        TestSubscriber<String> subscriber = receive(receiver, WORDS, publication);
        host.faults(receiver).stall();
        int written = 0;
        while (publication.tryEmit("word " + written).isSuccess()) {
            written++;
        }
        assertThat(written).isPositive();
        assertThat(subscriber.getReceivedOnNext()).isEmpty();
        host.faults(receiver).resume();

        untilReceived(subscriber, written);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, written));
        subscriber.cancel();
    }

    @Test
    void aStalledNodeFindsPublicationsWhenItGoesOn() {
        host.faults(receiver).stall();
        TestSubscriber<String> subscriber = TestSubscriber.create();
        receiver.subscribe(WORDS).block(PATIENCE).receive().subscribe(subscriber);
        IpcPublication<String> publication = publish(sender, WORDS);
        assertThat(publication.subscriberCount()).isZero();
        host.faults(receiver).resume();
        assertThat(publication.subscriberCount()).isOne();
        send(publication, 0, 2);
        untilReceived(subscriber, 2);
        subscriber.cancel();
    }

    @Test
    void aStalledPublisherFindsNoRoomUntilItGoesOn() {
        IpcPublication<String> publication = publish(sender, WORDS);
        TestSubscriber<String> subscriber = receive(receiver, WORDS, publication);
        host.faults(sender).stall();
        assertThat(publication.tryEmit("refused").isSuccess()).isFalse();
        CompletableFuture<Void> waiting = publication.emit("word 0").toFuture();
        host.faults(sender).resume();
        waiting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        untilReceived(subscriber, 1);
        subscriber.cancel();
    }

    @Test
    void lostWakesAreCountedAndCostNoMessage() {
        try (IpcNode sleepy =
                host.builder("sleepy").waitStrategy(WaitStrategy.blocking()).build()) {
            IpcPublication<String> publication = publish(sender, WORDS);
            TestSubscriber<String> subscriber = receive(sleepy, WORDS, publication);
            NodeFaults faults = host.faults(sleepy);
            faults.loseWakes();
            int sent = 0;
            while (faults.lostWakes() < 3) {
                publication.emit("word " + sent).block(PATIENCE);
                sent++;
                untilReceived(subscriber, sent);
            }
            faults.keepWakes();
            int lost = faults.lostWakes();
            send(publication, sent, sent + 10);
            untilReceived(subscriber, sent + 10);
            assertThat(subscriber.getReceivedOnNext()).isEqualTo(words(0, sent + 10));
            assertThat(faults.lostWakes()).isEqualTo(lost);
            subscriber.cancel();
        }
    }

    @Test
    void aCrashedListenersPlaceIsFreeForAnother() {
        AtomicInteger listening = new AtomicInteger();
        for (int i = 0; i < 64; i++) {
            receiver.signals("door")
                    .doOnSubscribe(subscription -> listening.incrementAndGet())
                    .subscribe(signal -> {}, error -> {});
        }
        until("64 listen", () -> listening.get() == 64);
        StepVerifier.create(sender.signals("door"))
                .expectErrorSatisfies(
                        error -> assertThat(((IpcException) error).code()).isEqualTo(ErrorCode.TOO_MANY_SUBSCRIBERS))
                .verify(PATIENCE);
        host.faults(receiver).crash();
        StepVerifier.create(sender.signals("door"))
                .expectSubscription()
                .then(() -> sender.signal("door").block(PATIENCE))
                .expectNext(new Signal("door", 1, 1))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void faultsOfANodeThatDoesNotLiveAreRefusedWithThoseThatDo() {
        NodeFaults faults = host.faults(receiver);
        receiver.close();
        faults.crash();
        assertThatThrownBy(() -> host.faults(receiver))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("receiver")
                .hasMessageContaining("[sender]");
    }
}
