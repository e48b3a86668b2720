package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.RemoteErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

public abstract class EndContract extends DataPlaneContract {
    private static List<Long> of(List<Long> all, long publication) {
        return all.stream().filter(value -> value / 1_000_000 == publication).toList();
    }

    @Test
    void completionReachesEverySubscriberAfterTheData() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        List<CompletableFuture<List<Long>>> received = new ArrayList<>();
        IpcSubscription<Long> subscription = nodes.subscribe(numbers);
        for (Way way : Way.values()) {
            received.add(way.of(subscription).collectList().toFuture());
        }
        received.add(nodes.sender()
                .subscribe(numbers)
                .flatMapMany(IpcSubscription::receive)
                .collectList()
                .toFuture());
        awaitSubscribers(publication, 5);
        publication.send(longs(0, 3000)).then(publication.complete()).block(TwoNodes.PATIENCE);
        for (CompletableFuture<List<Long>> future : received) {
            assertThat(result(future)).isEqualTo(list(0, 3000));
        }
        untilDetached(publication);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorArrivesAfterTheDataWithItsClassAndMessage(Way way) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        StepVerifier.create(way.of(nodes.subscribe(numbers)))
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> send(publication, 0, 100))
                .then(() -> publication
                        .error(new IllegalStateException("no more money"))
                        .block(TwoNodes.PATIENCE))
                .expectNextSequence(list(0, 100))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(RemoteErrorException.class)
                        .hasMessageContaining("java.lang.IllegalStateException")
                        .hasMessageContaining("no more money"))
                .verify(TwoNodes.PATIENCE);
        untilDetached(publication);
    }

    @Test
    void anErrorsLongTextIsCutAndArrives() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        StepVerifier.create(nodes.subscribe(numbers).receive())
                .then(() -> awaitSubscribers(publication, 1))
                .then(() -> publication
                        .error(new IllegalStateException("€".repeat(100_000)))
                        .block(TwoNodes.PATIENCE))
                .expectErrorSatisfies(error -> assertThat(error)
                        .hasMessageContaining("IllegalStateException")
                        .hasMessageContaining("€€€€"))
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void aFullRingStillTakesTheEnd() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(numbers).receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        long written = fill(publication, 0);
        complete(publication);
        subscriber.request(Long.MAX_VALUE);
        subscriber.block(TwoNodes.PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, written));
    }

    @Test
    void publicationsAreMergedEachInItsOrderAndTheLastOneEndsTheFlux() {
        List<IpcPublication<Long>> publications =
                List.of(nodes.publish(numbers), nodes.publish(numbers), nodes.publish(numbers));
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        publications.forEach(publication -> awaitSubscribers(publication, 1));
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(publications
                    .get(i)
                    .send(longs(i * 1_000_000L, i * 1_000_000L + 10_000))
                    .toFuture());
        }
        sent.forEach(DataPlaneContract::result);
        complete(publications.get(0));
        complete(publications.get(2));
        untilDetached(publications.get(0));
        assertThat(received).isNotDone();
        complete(publications.get(1));

        List<Long> all = result(received);
        assertThat(all).hasSize(30_000);
        for (int i = 0; i < 3; i++) {
            assertThat(of(all, i)).isEqualTo(list(i * 1_000_000L, i * 1_000_000L + 10_000));
        }
    }

    @RepeatedTest(20)
    void aPublicationThatAppearsLaterIsReadFromItsFirstMessage() {
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        IpcPublication<Long> publication = nodes.publish(numbers);
        send(publication, 0, 500); // whether or not it was found by now
        awaitSubscribers(publication, 1);
        send(publication, 500, 600);
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 600));
    }

    @RepeatedTest(20)
    void aSuccessorThatExistsWhenTheLastOneEndsIsNotMissed() {
        IpcPublication<Long> first = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(first, 1);
        send(first, 0, 10);
        IpcPublication<Long> successor = nodes.publish(numbers);
        complete(first);
        send(successor, 10, 20);
        awaitSubscribers(successor, 1);
        complete(successor);
        assertThat(result(received)).containsExactlyInAnyOrderElementsOf(list(0, 20));
    }

    @Test
    void aFluxWithoutPublicationsWaits() {
        IpcPublication<Long> ended = nodes.publish(numbers);
        complete(ended);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        IpcPublication<Long> publication = nodes.publish(numbers);
        awaitSubscribers(publication, 1);
        assertThat(received).isNotDone();
        send(publication, 0, 3);
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 3));
    }

    @Test
    void closingTheSendersNodeCompletesTheFluxAfterTheData() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 0, 1000);
        nodes.sender().close();
        assertThat(result(received)).isEqualTo(list(0, 1000));
        assertThat(publication.isDisposed()).isTrue();
        assertThatThrownBy(() -> nodes.publish(numbers))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }

    @Test
    void closingTheReceiversNodeErrorsTheFluxAndFreesTheSlot() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Flux<Long> flux = nodes.subscribe(numbers).receive();
        CompletableFuture<List<Long>> received = flux.collectList().toFuture();
        awaitSubscribers(publication, 1);
        nodes.receiver().close();
        assertThatThrownBy(() -> result(received)).cause().isInstanceOfSatisfying(IpcException.class, e -> assertThat(
                        e.code())
                .isEqualTo(ErrorCode.CLOSED));
        untilDetached(publication);
        send(publication, 0, 3L * FULL);
        StepVerifier.create(flux).expectError(IpcException.class).verify(TwoNodes.PATIENCE);
    }

    @Test
    void aWaitStrategyThatThrowsEndsWhatItsLoopServesAndFreesTheSlots() {
        AtomicBoolean broken = new AtomicBoolean();
        try (IpcNode node = transport
                .node("broken")
                .waitStrategy((passes, sleeper) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("thrown by the strategy");
                    }
                    sleeper.sleep(1_000_000);
                })
                .build()) {
            IpcPublication<Long> publication = nodes.publish(numbers);
            Flux<Long> flux = node.subscribe(numbers).block(TwoNodes.PATIENCE).receive();
            CompletableFuture<List<Long>> received = flux.collectList().toFuture();
            awaitSubscribers(publication, 1);

            broken.set(true);

            assertThatThrownBy(() -> result(received))
                    .cause()
                    .isInstanceOfSatisfying(
                            IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED))
                    .hasMessageContaining("wait strategy")
                    .hasRootCauseMessage("thrown by the strategy");
            untilDetached(publication);
            StepVerifier.create(flux)
                    .expectErrorSatisfies(late -> assertThat(late).hasRootCauseMessage("thrown by the strategy"))
                    .verify(TwoNodes.PATIENCE);
        }
    }
}
