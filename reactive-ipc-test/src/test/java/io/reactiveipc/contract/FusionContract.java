package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.RemoteErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Operators that poll the ring themselves, where the TCK and plain subscribers never come. */
public abstract class FusionContract extends DataPlaneContract {
    private static final int MANY = 200_000;

    /** Pipelines that keep the order and fuse with their source. */
    enum Pipeline {
        PUBLISH_ON {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.publishOn(Schedulers.parallel());
            }
        },
        PUBLISH_ON_ONE_BY_ONE {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.publishOn(Schedulers.parallel(), 1);
            }
        },
        MAPPED_AND_FILTERED {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.map(value -> value + 1)
                        .filter(value -> value > 0)
                        .map(value -> value - 1)
                        .publishOn(Schedulers.boundedElastic(), 64);
            }
        },
        CONCAT_MAP {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.concatMap(Mono::just, 32);
            }
        },
        CONCAT_MAP_ASYNC {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.buffer(100)
                        .concatMapIterable(values -> values)
                        .concatMap(value -> value % 1000 == 0
                                ? Mono.just(value).publishOn(Schedulers.parallel())
                                : Mono.just(value));
            }
        },
        FLAT_MAP_ITERABLE {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.flatMapIterable(List::of);
            }
        },
        LIMIT_RATE {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.limitRate(17);
            }
        },
        FLAT_MAP_INNER {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return Flux.just("one").hide().flatMap(ignored -> source);
            }
        },
        CONCAT_MAP_INNER {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return Flux.just("one").hide().concatMap(ignored -> source);
            }
        },
        PUBLISH_ON_TWICE {
            @Override
            Flux<Long> of(Flux<Long> source) {
                return source.publishOn(Schedulers.parallel(), 3).publishOn(Schedulers.single());
            }
        };

        abstract Flux<Long> of(Flux<Long> source);
    }

    @Test
    void asynchronousFusionIsOffered() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        List<Flux<?>> fluxes = List.of(
                subscription.receive(),
                subscription.receive(Message::sequence),
                subscription.messages(),
                subscription.leases().doOnNext(Message::release));
        for (Flux<?> flux : fluxes) {
            StepVerifier.create(flux)
                    .expectFusion(Fuseable.ASYNC, Fuseable.ASYNC)
                    .then(() -> awaitSubscribers(publication, 1))
                    .then(() -> send(publication, 0, 3))
                    .expectNextCount(3)
                    .thenCancel()
                    .verify(TwoNodes.PATIENCE);
            untilDetached(publication);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMessagePassesInOrderAndThenTheCompletion(Pipeline pipeline) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        AtomicLong next = new AtomicLong();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> done = pipeline.of(nodes.subscribe(numbers).receive())
                .doOnNext(value -> {
                    if (value != next.getAndIncrement()) {
                        wrong.add(value + " where " + (next.get() - 1) + " was due");
                    }
                })
                .then()
                .toFuture();
        awaitSubscribers(publication, 1);
        publication.send(longs(0, MANY)).then(publication.complete()).block(TwoNodes.PATIENCE);
        result(done);
        assertThat(wrong).isEmpty();
        assertThat(next).hasValue(MANY);
        untilDetached(publication);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorPassesAfterAllMessages(Pipeline pipeline) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        List<Long> received = new ArrayList<>();
        CompletableFuture<Throwable> done = pipeline.of(nodes.subscribe(numbers).receive())
                .doOnNext(received::add)
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .toFuture();
        awaitSubscribers(publication, 1);
        publication
                .send(longs(0, 5000))
                .then(publication.error(new IllegalStateException("the end")))
                .block(TwoNodes.PATIENCE);
        assertThat(result(done)).isInstanceOf(RemoteErrorException.class);
        if (pipeline == Pipeline.CONCAT_MAP_ASYNC) { // buffer drops what it has not handed on
            assertThat(received).isEqualTo(list(0, received.size()));
        } else {
            assertThat(received).isEqualTo(list(0, 5000));
        }
        untilDetached(publication);
    }

    @ParameterizedTest
    @EnumSource
    void cancellingInTheMiddleFreesTheSlot(Pipeline pipeline) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = pipeline.of(
                        nodes.subscribe(numbers).receive())
                .take(3000)
                .doOnDiscard(Long.class, value -> {})
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 20_000);
        assertThat(result(received)).isEqualTo(list(0, 3000));
        untilDetached(publication);
        send(publication, 0, 3L * FULL);
    }

    @Test
    void aSlowConsumerBehindPublishOnHoldsThePublisherBackAndLosesNothing() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = nodes.subscribe(numbers)
                .receive()
                .publishOn(Schedulers.boundedElastic(), 8)
                .doOnNext(value -> {
                    if (value % 50 == 0) {
                        Thread.yield();
                    }
                })
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        for (long i = 0; i < 50_000; ) {
            if (publication.tryEmit(i).isSuccess()) {
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 50_000));
    }

    @Test
    void severalPublicationsPassEachInItsOrder() {
        List<IpcPublication<Long>> publications = List.of(nodes.publish(numbers), nodes.publish(numbers));
        CompletableFuture<List<Long>> received = nodes.subscribe(numbers)
                .receive()
                .publishOn(Schedulers.parallel())
                .collectList()
                .toFuture();
        publications.forEach(publication -> awaitSubscribers(publication, 1));
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            IpcPublication<Long> publication = publications.get(i);
            sent.add(publication
                    .send(longs(i * 1_000_000L, i * 1_000_000L + 20_000))
                    .then(publication.complete())
                    .toFuture());
        }
        sent.forEach(DataPlaneContract::result);
        List<Long> all = result(received);
        assertThat(all).hasSize(40_000);
        for (long i = 0; i < 2; i++) {
            long sender = i;
            assertThat(all.stream().filter(value -> value / 1_000_000 == sender))
                    .isEqualTo(list(i * 1_000_000, i * 1_000_000 + 20_000));
        }
    }

    @Test
    void theQueueKeepsItsContract() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        AtomicReference<Fuseable.QueueSubscription<Long>> fused = new AtomicReference<>();
        AtomicLong signals = new AtomicLong();
        nodes.subscribe(numbers).receive().subscribe(new CoreSubscriber<Long>() {
            @Override
            @SuppressWarnings("unchecked")
            public void onSubscribe(Subscription subscription) {
                Fuseable.QueueSubscription<Long> queue = (Fuseable.QueueSubscription<Long>) subscription;
                assertThat(queue.requestFusion(Fuseable.SYNC)).isEqualTo(Fuseable.NONE);
                assertThat(queue.requestFusion(Fuseable.ANY)).isEqualTo(Fuseable.ASYNC);
                fused.set(queue);
            }

            @Override
            public void onNext(Long value) {
                signals.incrementAndGet();
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });
        Fuseable.QueueSubscription<Long> queue = Objects.requireNonNull(fused.get());
        awaitSubscribers(publication, 1);
        assertThat(queue.poll()).isNull();
        send(publication, 0, 10);
        TwoNodes.until("a signal", () -> signals.get() > 0);
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.size()).isPositive();
        for (long i = 0; i < 5; i++) {
            assertThat(polled(queue)).isEqualTo(i);
        }
        queue.clear();
        assertThat(polled(queue)).as("clear touches nothing shared").isEqualTo(5);
        queue.cancel();
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
        untilDetached(publication);
    }

    /** The next element of a queue that has one: while the poll loop looks after the ring, the queue says it has none. */
    private static long polled(Queue<Long> queue) {
        AtomicReference<Long> element = new AtomicReference<>();
        TwoNodes.until("an element", () -> {
            element.set(queue.poll());
            return element.get() != null;
        });
        return element.get();
    }

    @Test
    void pollingCancellingAndCompletingMayRace() {
        ConcurrentLinkedQueue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        Hooks.onErrorDropped(dropped::add);
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        for (int publications = 0; publications < 40; publications++) {
            IpcPublication<Long> publication = nodes.publish(numbers);
            subscription.awaitReady().block(TwoNodes.PATIENCE);
            List<Disposable> running = new ArrayList<>();
            long value = 0;
            for (int round = 0; round < 50; round++) {
                AtomicLong last = new AtomicLong(-1);
                Pipeline pipeline = Pipeline.values()[round % Pipeline.values().length];
                running.add(pipeline.of(subscription.receive())
                        .subscribe(
                                received -> {
                                    long previous = last.getAndSet(received);
                                    if (previous >= 0 && received != previous + 1) {
                                        wrong.add(pipeline + ": " + received + " after " + previous);
                                    }
                                },
                                error -> wrong.add(pipeline + ": " + error)));
                for (int i = ThreadLocalRandom.current().nextInt(40); i > 0; i--) {
                    if (publication.tryEmit(value).isSuccess()) {
                        value++;
                    }
                }
                if (running.size() > 3) {
                    running.remove(0).dispose();
                }
            }
            CompletableFuture<Void> end = publication.complete().toFuture();
            running.get(0).dispose();
            result(end);
            untilDetached(publication);
            running.forEach(Disposable::dispose);
        }
        assertThat(wrong).isEmpty();
        // publishOn refuses a signal that meets its disposal, whatever the source is
        assertThat(dropped).allMatch(RejectedExecutionException.class::isInstance);
    }

    @ParameterizedTest
    @EnumSource
    void debuggingHooksDoNotBreakThePipeline(Pipeline pipeline) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Hooks.onOperatorDebug();
        Hooks.enableAutomaticContextPropagation();
        try {
            CompletableFuture<List<Long>> received = pipeline.of(
                            nodes.subscribe(numbers).receive())
                    .collectList()
                    .toFuture();
            awaitSubscribers(publication, 1);
            send(publication, 0, 2000);
            complete(publication);
            assertThat(result(received)).isEqualTo(list(0, 2000));
        } finally {
            Hooks.disableAutomaticContextPropagation();
            Hooks.resetOnOperatorDebug();
        }
    }
}
