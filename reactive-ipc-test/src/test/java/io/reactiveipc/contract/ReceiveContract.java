package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

public abstract class ReceiveContract extends DataPlaneContract {
    @ParameterizedTest
    @EnumSource
    void everyMessageArrivesInOrderAndThenTheEnd(Way way) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                way.of(nodes.subscribe(numbers)).collectList().toFuture();
        awaitSubscribers(publication, 1);

        send(publication, 0, 5L * FULL);
        complete(publication);

        assertThat(result(received)).isEqualTo(list(0, 5L * FULL));
    }

    @ParameterizedTest
    @EnumSource
    void nothingComesThatWasNotAskedFor(Way way) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        way.of(nodes.subscribe(numbers)).subscribe(subscriber);
        awaitSubscribers(publication, 1);
        send(publication, 0, 100);

        for (int i = 0; i < 100; i++) {
            assertThat(subscriber.getReceivedOnNext()).hasSize(i);
            int asked = i + 1;
            subscriber.request(1);
            TwoNodes.until("message " + i, () -> subscriber.getReceivedOnNext().size() >= asked);
        }
        complete(publication);
        subscriber.block(TwoNodes.PATIENCE); // the end needs no demand

        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, 100));
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    @Test
    void demandMayComeInSteps() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        StepVerifier.create(nodes.subscribe(numbers).receive(), 0)
                .expectSubscription()
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 6))
                .thenRequest(1)
                .expectNext(0L)
                .thenRequest(3)
                .expectNext(1L, 2L, 3L)
                .thenRequest(Long.MAX_VALUE)
                .expectNext(4L, 5L)
                .then(() -> complete(publication))
                .expectComplete()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void whoDoesNotAskHoldsThePublisherBackUntilHeCancels() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(numbers).receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);

        assertThat(fill(publication, 0)).isEqualTo(FULL);
        subscriber.request(10);
        TwoNodes.until("room for one more", () -> publication.tryEmit(-1L).isSuccess());
        assertThat(fill(publication, 0)).isLessThanOrEqualTo(9);
        subscriber.cancel();
        untilDetached(publication);

        for (long i = 0; i < 3 * FULL; i++) {
            assertThat(publication.tryEmit(i).isSuccess()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancellingInTheMiddleFreesTheSlot(Way way) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                way.of(nodes.subscribe(numbers)).take(10).collectList().toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 1000);

        assertThat(result(received)).isEqualTo(list(0, 10));
        untilDetached(publication);
        send(publication, 0, 3L * FULL);
    }

    @Test
    void aSecondSubscriptionSeesWhatComesAfterIt() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Flux<Long> flux = nodes.subscribe(numbers).receive();
        for (long round = 0; round < 50; round++) {
            CompletableFuture<Long> first = flux.next().toFuture();
            awaitSubscribers(publication, 1);
            send(publication, round * 10, round * 10 + 10);
            assertThat(result(first)).isEqualTo(round * 10);
            untilDetached(publication);
        }
    }

    @Test
    void eachSubscriberOfOneFluxSeesEverything() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Flux<Long> flux = nodes.subscribe(numbers).receive();
        CompletableFuture<List<Long>> one = flux.collectList().toFuture();
        CompletableFuture<List<Long>> other = flux.collectList().toFuture();
        awaitSubscribers(publication, 2);
        send(publication, 0, 2L * FULL);
        complete(publication);

        assertThat(result(one)).isEqualTo(list(0, 2L * FULL));
        assertThat(result(other)).isEqualTo(list(0, 2L * FULL));
    }

    @Test
    void aSubscriberThatThrowsIsDetachedAndTheOthersGoOn() {
        ConcurrentLinkedQueue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        Hooks.onErrorDropped(dropped::add);
        IpcPublication<Long> publication = nodes.publish(numbers);
        Flux<Long> flux = nodes.subscribe(numbers).receive();
        CompletableFuture<List<Long>> other = flux.collectList().toFuture();
        flux.subscribe(new CoreSubscriber<Long>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Long value) {
                throw new IllegalStateException("thrown by the subscriber at " + value);
            }

            @Override
            public void onError(Throwable error) {
                throw new AssertionError("no signal may follow", error);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("no signal may follow");
            }
        });
        awaitSubscribers(publication, 2);

        send(publication, 0, 2L * FULL);
        TwoNodes.until("the slot is free", () -> publication.subscriberCount() == 1);
        complete(publication);

        assertThat(result(other)).isEqualTo(list(0, 2L * FULL));
        assertThat(dropped).extracting(Throwable::getMessage).containsExactly("thrown by the subscriber at 0");
    }

    @Test
    void aMapperThatThrowsErrorsTheFluxAndFreesTheSlot() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        IllegalStateException thrown = new IllegalStateException("thrown by the mapper");
        StepVerifier.create(nodes.subscribe(numbers).receive(message -> {
                    if (message.sequence() == 2) {
                        throw thrown;
                    }
                    return message.sequence();
                }))
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 5))
                .expectNext(0L, 1L)
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(thrown))
                .verify(TwoNodes.PATIENCE);
        untilDetached(publication);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aMapperThatReturnsNullErrorsTheFlux() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        StepVerifier.create(nodes.subscribe(numbers).receive(message -> message.sequence() == 1 ? null : "one"))
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 5))
                .expectNext("one")
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("mapper returned null for message 1"))
                .verify(TwoNodes.PATIENCE);
        untilDetached(publication);
    }

    @Test
    void aCodecThatFailsToDecodeErrorsTheFluxAndFreesTheSlot() {
        StreamSpec<Long> picky = StreamSpec.of("numbers", new PickyCodec(3)).capacity(CAPACITY);
        IpcPublication<Long> publication = nodes.publish(numbers);
        StepVerifier.create(nodes.subscribe(picky).receive())
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 5))
                .expectNext(0L, 1L, 2L)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IpcException.class)
                        .hasMessageContaining("message 3")
                        .extracting(e -> ((IpcException) e).code())
                        .isEqualTo(ErrorCode.CODEC))
                .verify(TwoNodes.PATIENCE);
        untilDetached(publication);
    }

    @Test
    void aViewIsOverWhenTheMapperReturns() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        AtomicReference<Message> kept = new AtomicReference<>();
        AtomicReference<DirectBuffer> keptBuffer = new AtomicReference<>();
        CompletableFuture<Long> first = nodes.subscribe(numbers)
                .receive(message -> {
                    kept.set(message);
                    keptBuffer.set(message.buffer());
                    return message.buffer().getLong(0);
                })
                .next()
                .toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 7, 8);
        assertThat(result(first)).isEqualTo(7);

        assertThatThrownBy(() -> kept.get().buffer())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("messages()");
        assertThatThrownBy(() -> kept.get().length()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> keptBuffer.get().getLong(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void copiesOutliveTheRing() {
        IpcPublication<Long> publication = nodes.publish(numbers.timestamps(true));
        long before = System.nanoTime();
        CompletableFuture<List<Message>> received =
                nodes.subscribe(numbers).messages().collectList().toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 2L * FULL);
        complete(publication);

        List<Message> messages = result(received);
        nodes.close();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            assertThat(message.buffer().getLong(0)).isEqualTo(i);
            assertThat(message.sequence()).isEqualTo(i);
            assertThat(message.length()).isEqualTo(8);
            assertThat(message.timestampNanos()).isBetween(before, System.nanoTime());
            message.release();
            assertThat(message.toByteArray()).hasSize(8);
        }
    }

    @Test
    void aStreamWithoutTimestampsHasNone() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<Long> first =
                nodes.subscribe(numbers).receive(Message::timestampNanos).next().toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 1);
        assertThat(result(first)).isZero();
    }

    @Test
    void emptyMessagesAndTheLongestArrive() {
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        CompletableFuture<List<byte[]>> received =
                nodes.subscribe(blobs).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        int longest = CAPACITY / 8;
        publication
                .send(Flux.range(0, 200).map(i -> new byte[i % 2 == 0 ? 0 : longest - i / 2]))
                .then(publication.complete())
                .block(TwoNodes.PATIENCE);

        List<byte[]> messages = result(received);
        assertThat(messages).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(messages.get(i)).hasSize(i % 2 == 0 ? 0 : longest - i / 2);
        }
    }

    @Test
    void whatAFusedOperatorTakesWhileThePollLoopSleepsIsGivenBackSoon() throws InterruptedException {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Sinks.Empty<Void> first = Sinks.empty();
        AtomicInteger taken = new AtomicInteger();
        Disposable subscriber = nodes.subscribe(numbers)
                .receive()
                .concatMap(number -> taken.incrementAndGet() == 1 ? first.asMono() : Mono.never(), 32)
                .subscribe();
        awaitSubscribers(publication, 1);
        publication.send(Flux.just(1L, 2L)).block(TwoNodes.PATIENCE);
        TwoNodes.until("the first is taken", () -> taken.get() == 1);
        Thread.sleep(300); // until the loop has given back what it may and sleeps; shorter, and the test asks for less

        first.tryEmitEmpty();

        assertThat(taken).as("by this thread, from the ring").hasValue(2);
        publication.drained().block(Duration.ofSeconds(3));
        subscriber.dispose();
    }

    @Test
    void disposingTheSubscriptionErrorsItsFluxesAndFreesTheirSlots() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        TestSubscriber<Long> unfused = TestSubscriber.create();
        TestSubscriber<Long> withoutDemand =
                TestSubscriber.builder().initialRequest(0).build();
        subscription.receive().subscribe(unfused);
        subscription.receive().subscribe(withoutDemand);
        awaitSubscribers(publication, 2);

        subscription.dispose();
        unfused.block(TwoNodes.PATIENCE);
        withoutDemand.block(TwoNodes.PATIENCE);

        untilDetached(publication);
        for (TestSubscriber<Long> subscriber : List.of(unfused, withoutDemand)) {
            assertThat(subscriber.expectTerminalError())
                    .isInstanceOfSatisfying(
                            IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        }
        StepVerifier.create(subscription.receive())
                .expectError(IpcException.class)
                .verify(TwoNodes.PATIENCE);
        StepVerifier.create(subscription.awaitReady())
                .expectError(IpcException.class)
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void awaitReadyCompletesOnceThereIsAPublication() {
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        CompletableFuture<Void> ready = subscription.awaitReady().toFuture();
        assertThat(subscription.publicationCount()).isZero();
        assertThat(ready).isNotDone();

        IpcPublication<Long> publication = nodes.publish(numbers);
        result(ready);
        subscription.awaitReady().block(TwoNodes.PATIENCE);
        assertThat(subscription.publicationCount()).isOne();

        complete(publication);
        assertThat(subscription.publicationCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsCountMessagesAndBytes(Way way) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        assertThat(publication.messages()).isZero();
        assertThat(subscription.received()).isZero();
        CompletableFuture<Long> plain = way.of(subscription).count().toFuture();
        CompletableFuture<Long> fused =
                way.of(subscription).publishOn(Schedulers.parallel()).count().toFuture();
        awaitSubscribers(publication, 2);
        long sent = 5L * FULL;
        send(publication, 0, sent);
        assertThat(publication.messages()).isEqualTo(sent);
        complete(publication);
        assertThat(result(plain)).isEqualTo(sent);
        assertThat(result(fused)).isEqualTo(sent);
        TwoNodes.until("all is counted", () -> subscription.received() == 2 * sent);
        assertThat(subscription.receivedBytes()).isEqualTo(2 * sent * Long.BYTES);
        assertThat(publication.messages()).isEqualTo(sent);
        assertThat(subscription.leased()).isZero();
    }

    /** What tracing and debugging hang on to; Reactor calls it for each operator that is made, not only subscribed. */
    @Test
    void reactorsHooksForEachOperatorAreAppliedToEveryFluxOfMessages() {
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        Queue<Publisher<?>> made = new ConcurrentLinkedQueue<>(); // other threads of the nodes make operators, too
        Hooks.onEachOperator("test", publisher -> {
            made.add(publisher);
            return publisher;
        });
        try {
            List<Publisher<?>> given = List.of(
                    subscription.receive(),
                    subscription.receive(Message::length),
                    subscription.messages(),
                    subscription.leases(),
                    nodes.receiver().signals("door"));
            assertThat(made).containsAll(given);
        } finally {
            Hooks.resetOnEachOperator("test");
        }
    }

    @Test
    void lagIsWhatTheSlowestFluxHasNotTaken() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        assertThat(subscription.lag()).isZero();
        TestSubscriber<Long> slow = TestSubscriber.builder().initialRequest(0).build();
        subscription.receive().subscribe(slow);
        subscription.receive().subscribe();
        awaitSubscribers(publication, 2);
        send(publication, 0, 1); // one only: more, before the slow one has its place, could fill the ring for good
        TwoNodes.until("attached", () -> subscription.lag() > 0);
        send(publication, 0, 10);
        long lag = subscription.lag();
        assertThat(lag % 32).isZero();
        assertThat(lag).isGreaterThanOrEqualTo(10 * 32);
        slow.request(Long.MAX_VALUE);
        TwoNodes.until("all taken", () -> subscription.lag() == 0);
    }

    @Test
    void oneSubscriberTooManyIsRefusedAndTheOthersStay() {
        IpcPublication<Long> publication = nodes.publish(numbers.maxSubscribers(1));
        Flux<Long> flux = nodes.subscribe(numbers).receive();
        CompletableFuture<List<Long>> first = flux.collectList().toFuture();
        awaitSubscribers(publication, 1);

        StepVerifier.create(flux)
                .expectErrorSatisfies(
                        error -> assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.TOO_MANY_SUBSCRIBERS)))
                .verify(TwoNodes.PATIENCE);

        send(publication, 0, 10);
        complete(publication);
        assertThat(result(first)).isEqualTo(list(0, 10));
    }

    /** As {@link LongCodec}, but there is a number that it cannot decode. */
    private record PickyCodec(long refused) implements Codec<Long> {
        @Override
        public String typeId() {
            return LongCodec.INSTANCE.typeId();
        }

        @Override
        public int encodedLength(Long value) {
            return Long.BYTES;
        }

        @Override
        public int encode(Long value, MutableDirectBuffer buffer) {
            return LongCodec.INSTANCE.encode(value, buffer);
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            Long value = LongCodec.INSTANCE.decode(buffer, length);
            if (value == refused) {
                throw new IllegalArgumentException("refused: " + value);
            }
            return value;
        }
    }
}
