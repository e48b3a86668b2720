package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Claim;
import io.reactiveipc.Delivery;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.LappedException;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.PublishResult;
import io.reactiveipc.Start;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.SubscriberEvictedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** What publishers and subscribers may choose, on one ring. */
public abstract class DeliveryContract extends DataPlaneContract {
    private final StreamSpec<Long> overwriting = numbers.overflow(Overflow.OVERWRITE_OLDEST);

    private static TestSubscriber<Long> stalled() {
        return TestSubscriber.builder().initialRequest(0).build();
    }

    private TestSubscriber<Long> stalled(StreamSpec<Long> spec, IpcPublication<Long> publication) {
        TestSubscriber<Long> subscriber = stalled();
        int before = publication.subscriberCount();
        nodes.subscribe(spec).receive().subscribe(subscriber);
        awaitSubscribers(publication, before + 1);
        return subscriber;
    }

    private static void emit(IpcPublication<Long> publication, long from, long to) {
        for (long i = from; i < to; i++) {
            assertThat(publication.tryEmit(i)).isEqualTo(Sinks.EmitResult.OK);
        }
    }

    // ---- overflow ---------------------------------------------------------------------------------------------------

    @Test
    void anOverwritingPublisherNeverWaitsAndEachLossIsCounted() {
        IpcPublication<Long> publication = nodes.publish(overwriting);
        IpcSubscription<Long> subscription = nodes.subscribe(overwriting.gap(Gap.SKIP_TO_OLDEST));
        TestSubscriber<Long> slow = stalled();
        subscription.receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        long sent = 10L * FULL;
        emit(publication, 0, sent);
        complete(publication);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        List<Long> received = slow.getReceivedOnNext();
        assertThat(received).isNotEmpty().isSorted().doesNotHaveDuplicates().endsWith(sent - 1);
        assertThat(received.size()).isBetween(FULL * 3 / 4, CAPACITY / 32);
        assertThat(subscription.lost()).isEqualTo(sent - received.size());
    }

    @Test
    void aLossIsAnErrorUnlessChosenOtherwiseAndNamesWhatIsMissing() {
        IpcPublication<Long> publication = nodes.publish(overwriting);
        TestSubscriber<Long> slow = stalled(overwriting, publication);
        emit(publication, 0, 10);
        slow.request(3);
        TwoNodes.until("three messages", () -> slow.getReceivedOnNext().size() == 3);
        emit(publication, 10, 3L * FULL);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        List<Long> received = slow.getReceivedOnNext(); // one more may have been copied before it was overwritten
        assertThat(received).isEqualTo(list(0, received.size())).hasSizeBetween(3, 4);
        assertThat(slow.expectTerminalError())
                .isInstanceOfSatisfying(LappedException.class, lapped -> {
                    assertThat(lapped.firstMissing()).isEqualTo(received.size());
                    assertThat(lapped.lastMissing()).isBetween((long) received.size(), 3L * FULL - 1);
                })
                .hasMessageContaining("SKIP_TO_OLDEST");
    }

    @Test
    void whoSkipsToTheLatestGoesOnWithIt() {
        IpcPublication<Long> publication = nodes.publish(overwriting);
        IpcSubscription<Long> subscription = nodes.subscribe(overwriting.gap(Gap.SKIP_TO_LATEST));
        TestSubscriber<Long> slow = stalled();
        subscription.receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        long sent = 5L * FULL;
        emit(publication, 0, sent);
        slow.request(Long.MAX_VALUE);
        TwoNodes.until("the latest", () -> slow.getReceivedOnNext().contains(sent - 1));
        emit(publication, sent, sent + 5);
        complete(publication);
        slow.block(TwoNodes.PATIENCE);
        // Its poll loop may have looked at any time while the ring went round, and taken note of the first or of the
        // latest then.
        List<Long> received = slow.getReceivedOnNext();
        assertThat(received)
                .isSorted()
                .doesNotHaveDuplicates()
                .endsWith(sent - 1, sent, sent + 1, sent + 2, sent + 3, sent + 4);
        assertThat(received).hasSizeLessThanOrEqualTo(CAPACITY / 32 + 6);
        assertThat(subscription.lost()).isEqualTo(sent + 5 - received.size());
    }

    /** Whoever is lapped at full speed gets whole messages, rising, and the exact count of what is missing. */
    @ParameterizedTest
    @EnumSource(
            value = Gap.class,
            names = {"SKIP_TO_OLDEST", "SKIP_TO_LATEST"})
    void noTornMessageComesOutOfALapAtFullSpeed(Gap gap) {
        StreamSpec<byte[]> spec = blobs.overflow(Overflow.OVERWRITE_OLDEST).gap(gap);
        IpcPublication<byte[]> publication = nodes.publish(spec);
        IpcSubscription<byte[]> subscription = nodes.subscribe(spec);
        AtomicLong received = new AtomicLong();
        AtomicLong last = new AtomicLong(-1);
        CompletableFuture<Void> done = subscription
                .receive(message -> {
                    long sequence = message.sequence();
                    assertThat(sequence).isGreaterThan(last.getAndSet(sequence));
                    Pattern.check(message.toByteArray(), sequence);
                    received.incrementAndGet();
                    return sequence;
                })
                .then()
                .toFuture();
        awaitSubscribers(publication, 1);
        long sent = 300_000;
        for (long i = 0; i < sent; i++) {
            assertThat(publication.tryEmit(Pattern.of(i))).isEqualTo(Sinks.EmitResult.OK);
        }
        complete(publication);
        result(done);
        assertThat(received.get() + subscription.lost()).isEqualTo(sent);
        assertThat(last).hasValue(sent - 1);
        assertThat(subscription.lost()).as("the publisher was faster").isPositive();
    }

    @Test
    void whoeverIsTooSlowIsEvictedAndToldAndTheOthersGoOn() {
        StreamSpec<Long> spec = numbers.overflow(Overflow.evictSlow(Duration.ofMillis(50)));
        IpcPublication<Long> publication = nodes.publish(spec);
        TestSubscriber<Long> slow = stalled(spec, publication);
        AtomicLong taken = new AtomicLong();
        CompletableFuture<List<Long>> quick = nodes.subscribe(spec)
                .receive()
                .doOnNext(value -> taken.incrementAndGet())
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 2);
        emit(publication, 0, FULL);
        TwoNodes.until("the quick one has all", () -> taken.get() == FULL);
        // From here on there is room for all but for the slow one, however late the quick one's thread comes to run.
        send(publication, FULL, FULL + 100L);
        TwoNodes.until("the quick one has those as well", () -> taken.get() == FULL + 100L);
        long sent = 2L * FULL;
        send(publication, FULL + 100L, sent);
        complete(publication);
        assertThat(result(quick)).isEqualTo(list(0, sent));
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.expectTerminalError())
                .isInstanceOf(SubscriberEvictedException.class)
                .hasMessageContaining("patience");
        untilDetached(publication);
    }

    @Test
    void aSubscriberThatTakesWhileThePublisherWaitsIsNotEvicted() {
        StreamSpec<Long> spec = numbers.overflow(Overflow.evictSlow(Duration.ofSeconds(30)));
        IpcPublication<Long> publication = nodes.publish(spec);
        CompletableFuture<List<Long>> received = nodes.subscribe(spec)
                .receive()
                .delayElements(Duration.ofNanos(1), Schedulers.single())
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 2L * FULL);
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 2L * FULL));
    }

    @Test
    void whoTakesOneMessageAfterTheOtherIsNotEvictedHoweverSlowly() {
        // A hundred times as long as a message takes, so that a pause of the machine is none of the reader's; and all
        // that is waited for takes longer.
        StreamSpec<Long> spec = numbers.overflow(Overflow.evictSlow(Duration.ofSeconds(2)));
        IpcPublication<Long> publication = nodes.publish(spec);
        Disposable receiving = nodes.subscribe(spec).receive().subscribe(value -> spend(Duration.ofMillis(20)));
        awaitSubscribers(publication, 1);
        send(publication, 0, FULL + 200);
        assertThat(publication.subscriberCount()).isEqualTo(1);
        receiving.dispose();
    }

    /** Does nothing so long: whatever wakes the thread before does not count. */
    private static void spend(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Each of these is longer than what the publisher says at a time that it will write. */
    @Test
    void whoIsLappedByLongMessagesAtFullSpeedMissesSomeAndIsNotToldThatTheRingIsCorrupt() {
        StreamSpec<byte[]> spec = blobs.overflow(Overflow.OVERWRITE_OLDEST).gap(Gap.SKIP_TO_OLDEST);
        IpcPublication<byte[]> publication = nodes.publish(spec);
        IpcSubscription<byte[]> subscription = nodes.subscribe(spec);
        CompletableFuture<Long> received = subscription
                .receive(message -> message.toByteArray()[7999])
                .count()
                .toFuture();
        awaitSubscribers(publication, 1);
        byte[] bytes = new byte[8000];
        long sent = 100_000;
        for (long i = 0; i < sent; i++) {
            assertThat(publication.tryEmit(bytes)).isEqualTo(Sinks.EmitResult.OK);
        }
        complete(publication);
        assertThat(result(received) + subscription.lost()).isEqualTo(sent);
    }

    /** An operator that fuses looks whether there is more after it has had what it asked for, and expects no error there. */
    @Test
    void aLossThatAFusedOperatorMeetsWhileItOnlyLooksIsAnErrorAllTheSame() {
        IpcPublication<Long> publication = nodes.publish(overwriting);
        TestSubscriber<Long> slow = TestSubscriber.builder().initialRequest(1).build();
        AtomicBoolean lapped = new AtomicBoolean();
        nodes.subscribe(overwriting)
                .receive()
                .publishOn(Schedulers.single())
                .doOnNext(value -> {
                    if (lapped.compareAndSet(false, true)) {
                        TwoNodes.until(
                                "whoever wrote the first one has left",
                                () -> publication.tryEmit(1L).isSuccess());
                        emit(publication, 2, 5L * FULL);
                    }
                })
                .subscribe(slow);
        awaitSubscribers(publication, 1);
        emit(publication, 0, 1);
        TwoNodes.until("the first one", () -> slow.getReceivedOnNext().size() == 1);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.expectTerminalError()).isInstanceOf(LappedException.class);
    }

    @Test
    void whereOverflowIsToFailASourceThatIsAskedOneByOneFailsOnlyForWhatHasNoRoom() {
        StreamSpec<byte[]> spec = blobs.overflow(Overflow.FAIL);
        IpcPublication<byte[]> publication = nodes.publish(spec);
        TestSubscriber<byte[]> slow = TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(spec).receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        while (publication.freeBytes() > 4096) {
            assertThat(publication.tryEmit(new byte[1000])).isEqualTo(Sinks.EmitResult.OK);
        }
        publication.send(Flux.just(new byte[10]).hide()).block(TwoNodes.PATIENCE);
        assertThatThrownBy(() -> publication
                        .send(Flux.range(0, 100).map(i -> new byte[100]).hide())
                        .block(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERFLOW));
    }

    @Test
    void aClaimCountsForTheIntervalToo() {
        IpcPublication<Long> publication =
                nodes.publish(numbers.publishPolicy(PublishPolicy.atMostEvery(Duration.ofHours(1))));
        Claim claim = Objects.requireNonNull(publication.tryClaim(8));
        claim.commit();
        assertThat(publication.tryClaim(8)).isNull();
        assertThat(publication.tryEmit(1L)).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
    }

    @Test
    void whoLeavesRoomEnoughIsNotEvictedHoweverMuchASourceCouldUse() {
        StreamSpec<Long> spec = numbers.overflow(Overflow.evictSlow(Duration.ofMillis(1)));
        IpcPublication<Long> publication = nodes.publish(spec);
        TestSubscriber<Long> slow = stalled(spec, publication);
        Sinks.Many<Long> source = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<Void> sent = publication.send(source.asFlux().hide()).toFuture();
        for (long i = 0;
                i < FULL - 10;
                i++) { // a little at a time, so that the source is asked for more again and again
            source.tryEmitNext(i).orThrow();
            long start = System.nanoTime();
            TwoNodes.until("it is written and a while has passed", () -> System.nanoTime() - start > 20_000);
        }
        source.tryEmitComplete().orThrow();
        result(sent);
        assertThat(publication.subscriberCount()).isEqualTo(1);
        complete(publication);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.getReceivedOnNext()).isEqualTo(list(0, FULL - 10));
    }

    /** What a source is asked for is no reason to declare as much of the ring overwritten. */
    @Test
    void anOverwritingSendLosesNothingForAReaderThatKeepsUp() {
        IpcPublication<Long> publication = nodes.publish(overwriting);
        AtomicLong taken = new AtomicLong();
        IpcSubscription<Long> subscription = nodes.subscribe(overwriting);
        CompletableFuture<List<Long>> received = subscription
                .receive()
                .doOnNext(value -> taken.incrementAndGet())
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        for (long burst = 0; burst < 20; burst++) {
            publication.send(longs(burst * 100, burst * 100 + 100).hide()).block(TwoNodes.PATIENCE);
            long due = burst * 100 + 100;
            TwoNodes.until("all were taken", () -> taken.get() == due);
        }
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 2000));
        assertThat(subscription.lost()).isZero();
    }

    @Test
    void whereOverflowIsToFailNothingWaitsAndNothingIsWritten() {
        StreamSpec<Long> spec = numbers.overflow(Overflow.FAIL);
        IpcPublication<Long> publication = nodes.publish(spec);
        TestSubscriber<Long> slow = stalled(spec, publication);
        AtomicLong taken = new AtomicLong();
        nodes.subscribe(spec).receive().subscribe(value -> taken.incrementAndGet());
        awaitSubscribers(publication, 2);
        long next = fill(publication, 0);
        assertThat(next).isEqualTo(FULL);
        TwoNodes.until("the quick one has all", () -> taken.get() == FULL);
        assertThatThrownBy(() -> publication.emit(-1L).block(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERFLOW));
        for (Flux<Long> source : List.of(longs(-9, 0), longs(-9, 0).hide())) {
            assertThatThrownBy(() -> publication.send(source).block(TwoNodes.PATIENCE))
                    .isInstanceOfSatisfying(
                            IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERFLOW));
        }
        assertThat(publication.publish(-1L).block(TwoNodes.PATIENCE))
                .isEqualTo(new PublishResult(PublishResult.Outcome.NO_ROOM, 2, 1));
        slow.request(Long.MAX_VALUE);
        TwoNodes.until("room", () -> publication.freeBytes() > CAPACITY / 2);
        assertThat(publication.publish(next).block(TwoNodes.PATIENCE))
                .isEqualTo(new PublishResult(PublishResult.Outcome.WRITTEN, 2, 0));
        complete(publication);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.getReceivedOnNext()).isEqualTo(list(0, FULL + 1));
    }

    @Test
    void anEmitThatWaitsTooLongIsWithdrawn() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> slow = stalled(numbers, publication);
        fill(publication, 0);
        assertThatThrownBy(() ->
                        publication.emit(-1L).timeout(Duration.ofMillis(50)).block(TwoNodes.PATIENCE))
                .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        slow.request(Long.MAX_VALUE);
        publication.emit((long) FULL).block(TwoNodes.PATIENCE);
        complete(publication);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.getReceivedOnNext()).isEqualTo(list(0, FULL + 1));
    }

    // ---- start ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"WAIT, 100", "WAIT, 20000", "OVERWRITE_OLDEST, 100", "OVERWRITE_OLDEST, 20000"})
    void aLateJoinerBeginsWhereItChose(Overflow.Kind kind, long sent) {
        StreamSpec<Long> spec =
                numbers.overflow(new Overflow(kind, Duration.ZERO)).history(20);
        IpcPublication<Long> publication = nodes.publish(spec);
        emit(publication, 0, sent);
        long kept = kind == Overflow.Kind.WAIT ? sent > FULL ? 20 : sent : Math.min(sent, CAPACITY / 32);
        Function<Start, List<Long>> received = start -> {
            TestSubscriber<Long> subscriber = stalled(spec.start(start), publication);
            subscriber.request(Long.MAX_VALUE);
            emit(publication, sent, sent); // nothing: what was there is enough
            TwoNodes.until(
                    "caught up", () -> publication.drained().blockOptional().isEmpty());
            subscriber.cancel();
            untilDetached(publication);
            return subscriber.getReceivedOnNext();
        };
        assertThat(received.apply(Start.NEXT)).isEmpty();
        assertThat(received.apply(Start.LATEST)).isEqualTo(list(sent - 1, sent));
        assertThat(received.apply(Start.last(7))).isEqualTo(list(sent - 7, sent));
        assertThat(received.apply(Start.last(20))).isEqualTo(list(sent - 20, sent));
        List<Long> all = received.apply(Start.OLDEST);
        assertThat(all).isEqualTo(list(sent - all.size(), sent));
        if (kind == Overflow.Kind.WAIT) {
            assertThat(all.size()).isEqualTo((int) kept);
        } else {
            assertThat(all.size()).isBetween((int) (kept - CAPACITY / 32 / 8), (int) kept);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartIsExactWhileThePublisherRunsAtFullSpeed(boolean overwrite) throws Exception {
        StreamSpec<Long> spec = numbers.overflow(overwrite ? Overflow.OVERWRITE_OLDEST : Overflow.WAIT)
                .history(100)
                .gap(overwrite ? Gap.SKIP_TO_OLDEST : Gap.ERROR);
        IpcPublication<Long> publication = nodes.publish(spec);
        AtomicLong emitted = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Thread publisher = new Thread(() -> {
            while (!stop.get()) {
                if (publication.tryEmit(emitted.get()).isSuccess()) {
                    emitted.incrementAndGet();
                }
            }
        });
        publisher.start();
        try {
            for (int round = 0; round < 200; round++) {
                int count = 1 + round % 100;
                IpcSubscription<Long> subscription = nodes.subscribe(spec.start(Start.last(count)));
                long before = emitted.get();
                TestSubscriber<Long> subscriber =
                        TestSubscriber.builder().initialRequest(150).build();
                AtomicLong begun = new AtomicLong(-1);
                subscription
                        .receive(message -> {
                            begun.compareAndSet(-1, message.sequence() - subscription.lost());
                            return message.sequence();
                        })
                        .subscribe(subscriber);
                long after = emitted.get() + 1;
                TwoNodes.until(
                        "150 messages", () -> subscriber.getReceivedOnNext().size() == 150);
                subscriber.cancel();
                List<Long> received = subscriber.getReceivedOnNext();
                assertThat(received).isSorted().doesNotHaveDuplicates();
                assertThat(begun.get()).as("begins exactly so far back").isBetween(before - count, after - count);
                subscription.dispose();
            }
        } finally {
            stop.set(true);
            publisher.join();
        }
    }

    @Test
    void moreHistoryThanIsKeptIsRefused() {
        IpcPublication<Long> publication = nodes.publish(numbers.history(3));
        emit(publication, 0, 10);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers.start(Start.last(4)));
        assertThatThrownBy(() -> subscription.receive().blockFirst(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_STREAM))
                .hasMessageContaining("keeps 3");
        assertThat(publication.subscriberCount()).isZero();
    }

    @Test
    void aHistoryHoldsItsPublisherBackNoMoreThanItsLength() {
        IpcPublication<Long> publication = nodes.publish(numbers.history(100));
        emit(publication, 0, 20L * FULL);
        assertThat(publication.freeBytes()).isBetween(CAPACITY - 2048L - 101 * 32, CAPACITY - 2048L);
    }

    // ---- latest -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Overflow.Kind.class,
            names = {"WAIT", "OVERWRITE_OLDEST"})
    void demandGetsTheNewestAndThePublisherNeverWaitsForIt(Overflow.Kind kind) {
        StreamSpec<Long> spec = numbers.overflow(new Overflow(kind, Duration.ZERO));
        IpcPublication<Long> publication = nodes.publish(spec);
        TestSubscriber<Long> slow = stalled(spec.delivery(Delivery.LATEST), publication);
        emit(publication, 0, 10L * FULL);
        slow.request(1);
        TwoNodes.until("one", () -> slow.getReceivedOnNext().size() == 1);
        emit(publication, 10L * FULL, 30L * FULL);
        slow.request(1);
        TwoNodes.until("two", () -> slow.getReceivedOnNext().size() == 2);
        slow.request(1);
        emit(publication, 30L * FULL, 30L * FULL + 1);
        TwoNodes.until("three", () -> slow.getReceivedOnNext().size() == 3);
        complete(publication);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.getReceivedOnNext()).containsExactly(10L * FULL - 1, 30L * FULL - 1, 30L * FULL);
        untilDetached(publication);
    }

    @Test
    void theLatestIsLatchedWhereOneStartsWithIt() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        emit(publication, 0, 5);
        StreamSpec<Long> latest = numbers.delivery(Delivery.LATEST);
        TestSubscriber<Long> latched = stalled(latest.start(Start.LATEST), publication);
        TestSubscriber<Long> fromNowOn = stalled(latest, publication);
        latched.request(Long.MAX_VALUE);
        fromNowOn.request(Long.MAX_VALUE);
        TwoNodes.until("the latched one", () -> latched.getReceivedOnNext().size() == 1);
        emit(publication, 5, 6);
        complete(publication);
        latched.block(TwoNodes.PATIENCE);
        fromNowOn.block(TwoNodes.PATIENCE);
        assertThat(latched.getReceivedOnNext()).containsExactly(4L, 5L);
        assertThat(fromNowOn.getReceivedOnNext()).containsExactly(5L);
    }

    @Test
    void allKindsReadOneRingAndOnlyTheLosslessPressBack() {
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        CompletableFuture<Long> all = nodes.subscribe(blobs)
                .receive(message -> {
                    Pattern.check(message.toByteArray(), message.sequence());
                    return message.sequence();
                })
                .count()
                .toFuture();
        AtomicLong newest = new AtomicLong(-1);
        CompletableFuture<Long> some = nodes.subscribe(blobs.delivery(Delivery.LATEST))
                .receive(message -> {
                    Pattern.check(message.toByteArray(), message.sequence());
                    assertThat(message.sequence()).isGreaterThan(newest.getAndSet(message.sequence()));
                    return message.sequence();
                })
                .limitRate(1)
                .count()
                .toFuture();
        awaitSubscribers(publication, 2);
        long sent = 100_000;
        publication.send(longs(0, sent).map(Pattern::of)).block(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(result(all)).isEqualTo(sent);
        assertThat(result(some)).isBetween(1L, sent);
        assertThat(newest).hasValue(sent - 1);
    }

    @Test
    void severalPublishersEachOverwriteTheirOwn() {
        IpcPublication<Long> one = nodes.publish(overwriting);
        IpcPublication<Long> other = nodes.publish(overwriting);
        IpcSubscription<Long> subscription = nodes.subscribe(overwriting.gap(Gap.SKIP_TO_OLDEST));
        TestSubscriber<Long> slow = stalled();
        subscription.receive().subscribe(slow);
        awaitSubscribers(one, 1);
        awaitSubscribers(other, 1);
        emit(one, 0, 3L * FULL);
        emit(other, 1_000_000, 1_000_010);
        complete(one);
        complete(other);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.getReceivedOnNext().stream().filter(value -> value >= 1_000_000))
                .isEqualTo(list(1_000_000, 1_000_010));
        assertThat(slow.getReceivedOnNext().size() + subscription.lost()).isEqualTo(3L * FULL + 10);
    }

    @Test
    void eachOfSeveralPublicationsKeepsToItsOwnChoice() {
        IpcPublication<Long> waiting = nodes.publish(numbers);
        IpcPublication<Long> failing = nodes.publish(numbers.overflow(Overflow.FAIL));
        IpcPublication<Long> overwritten = nodes.publish(overwriting);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers.gap(Gap.SKIP_TO_OLDEST));
        TestSubscriber<Long> slow = stalled();
        subscription.receive().subscribe(slow);
        TestSubscriber<Long> newest = stalled();
        nodes.subscribe(numbers.delivery(Delivery.LATEST)).receive().subscribe(newest);
        List.of(waiting, failing, overwritten).forEach(publication -> awaitSubscribers(publication, 2));

        assertThat(fill(waiting, 0)).isEqualTo(FULL);
        assertThat(fill(failing, 10_000)).isEqualTo(10_000 + FULL);
        emit(overwritten, 20_000, 20_000 + 3L * FULL);
        newest.request(3);
        TwoNodes.until("one of each", () -> newest.getReceivedOnNext().size() == 3);
        assertThat(newest.getReceivedOnNext())
                .containsExactlyInAnyOrder(FULL - 1L, 10_000L + FULL - 1, 20_000 + 3L * FULL - 1);
        List.of(waiting, failing, overwritten).forEach(DataPlaneContract::complete);
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        List<Long> received = slow.getReceivedOnNext();
        assertThat(received.stream().filter(value -> value < 10_000)).isEqualTo(list(0, FULL));
        assertThat(received.stream().filter(value -> value >= 10_000 && value < 20_000))
                .isEqualTo(list(10_000, 10_000 + FULL));
        assertThat(received.size() + subscription.lost()).isEqualTo(5L * FULL);
    }

    @Test
    void whoIsEvictedByOneOfSeveralPublicationsIsToldAndHoldsNoneUp() {
        IpcPublication<Long> waiting = nodes.publish(numbers);
        IpcPublication<Long> evicting = nodes.publish(numbers.overflow(Overflow.evictSlow(Duration.ofMillis(20))));
        TestSubscriber<Long> slow = stalled();
        nodes.subscribe(numbers).receive().subscribe(slow);
        awaitSubscribers(waiting, 1);
        awaitSubscribers(evicting, 1);
        assertThat(fill(waiting, 0)).isEqualTo(FULL);
        assertThat(fill(evicting, 0)).isEqualTo(FULL);
        TwoNodes.until("it is evicted", () -> evicting.tryEmit(-1L).isSuccess());
        slow.request(Long.MAX_VALUE);
        slow.block(TwoNodes.PATIENCE);
        assertThat(slow.expectTerminalError()).isInstanceOf(SubscriberEvictedException.class);
        untilDetached(waiting);
        assertThat(waiting.tryEmit(-1L).isSuccess()).isTrue();
    }

    // ---- policy -----------------------------------------------------------------------------------------------------

    @Test
    void aPublicationThatWantsSubscribersRefusesWithoutThem() {
        IpcPublication<Long> publication = nodes.publish(numbers.publishPolicy(PublishPolicy.WHEN_SUBSCRIBED));
        assertThat(publication.tryEmit(1L)).isEqualTo(Sinks.EmitResult.FAIL_ZERO_SUBSCRIBER);
        assertThat(publication.publish(1L).block(TwoNodes.PATIENCE))
                .isEqualTo(new PublishResult(PublishResult.Outcome.NO_SUBSCRIBER, 0, 0));
        assertThatThrownBy(() -> publication.emit(1L).block(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
                .hasMessageContaining("awaitSubscribers(1)");
    }

    @Test
    void whatComesTooEarlyIsRefusedAndWhatComesLaterIsNot() {
        Duration interval = Duration.ofMillis(100);
        IpcPublication<Long> publication = nodes.publish(numbers.publishPolicy(PublishPolicy.atMostEvery(interval)));
        long began = System.nanoTime();
        assertThat(publication.tryEmit(1L)).isEqualTo(Sinks.EmitResult.OK);
        Sinks.EmitResult second = publication.tryEmit(2L);
        if (System.nanoTime() - began < interval.toNanos()) {
            assertThat(second).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
        }
        TwoNodes.until(
                "the interval is over",
                () -> publication.publish(3L).blockOptional().orElseThrow().isWritten());
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(interval.toNanos());
        PublishResult.Outcome early =
                publication.publish(4L).blockOptional().orElseThrow().outcome();
        assertThat(early).isIn(PublishResult.Outcome.TOO_EARLY, PublishResult.Outcome.WRITTEN);
    }

    // ---- what does not go together ----------------------------------------------------------------------------------

    @Test
    void choicesThatMakeNoSenseAreRefusedBeforeAnythingOpens() {
        assertThatThrownBy(
                        () -> nodes.subscribe(numbers.delivery(Delivery.LATEST).start(Start.last(3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("starts at NEXT or LATEST");
        assertThatThrownBy(
                        () -> nodes.subscribe(numbers.delivery(Delivery.LATEST).gap(Gap.SKIP_TO_LATEST)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no gaps");
        assertThatThrownBy(() -> nodes.publish(numbers.history(1000).maxMessageLength(1000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("history(1000)")
                .hasMessageContaining("raise capacity");
        assertThatThrownBy(() -> numbers.history(0)).hasMessageContaining("history must be 1 to");
        assertThatThrownBy(() -> Overflow.evictSlow(Duration.ZERO)).hasMessageContaining("at least 1 ms");
        assertThatThrownBy(() -> Start.last(0)).hasMessageContaining("count must be positive");
        assertThatThrownBy(() -> PublishPolicy.atMostEvery(Duration.ZERO))
                .hasMessageContaining("interval must be positive");
        assertThat(nodes.sender().directory().resolve("topics")).doesNotExist();
    }

    @Test
    void nobodyHoldsLeasesOnWhatMayBeOverwritten() {
        IpcSubscription<Long> latest = nodes.subscribe(numbers.delivery(Delivery.LATEST));
        assertThatThrownBy(latest::leases).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INCOMPATIBLE_STREAM));
        nodes.publish(overwriting);
        assertThatThrownBy(() -> nodes.subscribe(overwriting).leases().blockFirst(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_STREAM))
                .hasMessageContaining("messages()");
    }
}
