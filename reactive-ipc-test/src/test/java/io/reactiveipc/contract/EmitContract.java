package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Claim;
import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.Message;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.StreamSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

public abstract class EmitContract extends DataPlaneContract {
    /** Attached and without demand: nothing written from now on is taken. */
    private TestSubscriber<Long> stalled(IpcPublication<Long> publication) {
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(numbers).receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        return subscriber;
    }

    private static void hasCode(Throwable error, ErrorCode code) {
        assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    // ---- tryEmit ----------------------------------------------------------------------------------------------------

    @Test
    void withoutSubscribersMessagesAreWrittenAndSeenByNobody() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        for (long i = 0; i < 3 * FULL; i++) {
            assertThat(publication.tryEmit(i)).isEqualTo(EmitResult.OK);
        }
    }

    @Test
    void withoutSubscribersEmittingIsRefusedWhereTheSpecAsksForThem() {
        IpcPublication<Long> publication = nodes.publish(numbers.publishPolicy(PublishPolicy.WHEN_SUBSCRIBED));
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.FAIL_ZERO_SUBSCRIBER);
        assertThat(publication.tryClaim(8)).isNull();
        TestSubscriber<Long> subscriber = stalled(publication);
        assertThat(publication.tryEmit(2L)).isEqualTo(EmitResult.OK);
        subscriber.request(1);
        TwoNodes.until("the message", () -> !subscriber.getReceivedOnNext().isEmpty());
        assertThat(subscriber.getReceivedOnNext()).containsExactly(2L);
    }

    @Test
    void aFullRingIsAnOverflow() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        stalled(publication);
        assertThat(fill(publication, 0)).isEqualTo(FULL);
        assertThat(publication.tryEmit(0L)).isEqualTo(EmitResult.FAIL_OVERFLOW);
        assertThat(publication.tryClaim(8)).isNull();
        assertThat(publication.freeBytes()).isZero();
        assertThat(publication.capacityBytes()).isEqualTo(CAPACITY);
    }

    @Test
    void thePositionGrowsByWhatIsWrittenAndStaysWhenThePublicationHasEnded() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        assertThat(publication.position()).isZero();
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.OK);
        long one = publication.position();
        assertThat(one).isGreaterThan(Long.BYTES);
        assertThat(publication.tryEmit(2L)).isEqualTo(EmitResult.OK);
        assertThat(publication.position()).isEqualTo(2 * one);

        complete(publication);
        assertThat(publication.position()).isGreaterThanOrEqualTo(2 * one);
    }

    @Test
    void anEndedPublicationIsTerminated() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        complete(publication);
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThatThrownBy(() -> publication.tryClaim(8)).satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        StepVerifier.create(publication.emit(1L))
                .expectErrorSatisfies(e -> hasCode(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(publication.isDisposed()).isTrue();
    }

    @Test
    void anOpenClaimMakesOthersNonSerialized() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Claim claim = Objects.requireNonNull(publication.tryClaim(8));
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.FAIL_NON_SERIALIZED);
        assertThat(publication.tryClaim(8)).isNull();
        claim.close();
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.OK);
    }

    @Test
    void aSecondThreadIsNonSerializedWhileTheFirstEncodes() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StreamSpec<Long> spec = StreamSpec.of("numbers", new Encoding(value -> {
                    if (value == 1) {
                        inside.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    return 8;
                }))
                .capacity(CAPACITY);
        IpcPublication<Long> publication = nodes.publish(spec);
        CompletableFuture<EmitResult> first = CompletableFuture.supplyAsync(() -> publication.tryEmit(1L));
        inside.await();
        assertThat(publication.tryEmit(2L)).isEqualTo(EmitResult.FAIL_NON_SERIALIZED);
        go.countDown();
        assertThat(result(first)).isEqualTo(EmitResult.OK);
        assertThat(publication.tryEmit(2L)).isEqualTo(EmitResult.OK);
    }

    @Test
    void whoComesWhileThePollLoopWritesForOthersComesBehindThem() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StreamSpec<Long> spec = StreamSpec.of("numbers", new Encoding(value -> {
                    if (value == -1) {
                        inside.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    return 8;
                }))
                .capacity(CAPACITY);
        IpcPublication<Long> publication = nodes.publish(spec);
        TestSubscriber<Long> subscriber = stalled(publication);
        long written = fill(publication, 0);
        CompletableFuture<Void> last = publication.emit(-1L).toFuture();
        subscriber.request(2);
        inside.await();
        assertThat(publication.tryEmit(2L)).isEqualTo(EmitResult.FAIL_OVERFLOW);
        go.countDown();
        result(last);
        subscriber.request(Long.MAX_VALUE);
        TwoNodes.until("all", () -> subscriber.getReceivedOnNext().size() == written + 1);
    }

    @Test
    void aMessageThatIsTooLongIsRefusedBeforeAnythingIsWritten() {
        IpcPublication<byte[]> publication = nodes.publish(blobs.maxMessageLength(100));
        CompletableFuture<List<Long>> sequences =
                nodes.subscribe(blobs).receive(Message::sequence).collectList().toFuture();
        awaitSubscribers(publication, 1);
        assertThat(publication.tryEmit(new byte[100])).isEqualTo(EmitResult.OK);
        assertThatThrownBy(() -> publication.tryEmit(new byte[101]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("101")
                .hasMessageContaining("maxMessageLength");
        assertThatThrownBy(() -> publication.tryClaim(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> publication.tryClaim(-1)).isInstanceOf(IllegalArgumentException.class);
        StepVerifier.create(publication.emit(new byte[101]))
                .expectError(IllegalArgumentException.class)
                .verify(TwoNodes.PATIENCE);
        assertThat(publication.tryEmit(new byte[100])).isEqualTo(EmitResult.OK);
        complete(publication);
        assertThat(result(sequences)).containsExactly(0L, 1L);
    }

    @Test
    void aCodecThatFailsToEncodeLeavesNoTrace() {
        StreamSpec<Long> spec = StreamSpec.of("numbers", new Encoding(value -> {
                    if (value % 2 == 1) {
                        throw new IllegalStateException("odd");
                    }
                    return value % 4 == 2 ? 9 : 8;
                }))
                .capacity(CAPACITY);
        IpcPublication<Long> publication = nodes.publish(spec);
        CompletableFuture<List<String>> received = nodes.subscribe(numbers)
                .receive(message -> message.sequence() + ":" + message.buffer().getLong(0))
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);

        assertThat(publication.tryEmit(0L)).isEqualTo(EmitResult.OK);
        assertThatThrownBy(() -> publication.tryEmit(1L))
                .hasRootCauseMessage("odd")
                .satisfies(e -> hasCode(e, ErrorCode.CODEC));
        assertThatThrownBy(() -> publication.tryEmit(2L))
                .hasMessageContaining("returned 9")
                .satisfies(e -> hasCode(e, ErrorCode.CODEC));
        StepVerifier.create(publication.emit(3L))
                .expectErrorSatisfies(e -> hasCode(e, ErrorCode.CODEC))
                .verify(TwoNodes.PATIENCE);
        assertThat(publication.tryEmit(4L)).isEqualTo(EmitResult.OK);
        complete(publication);
        assertThat(result(received)).containsExactly("0:0", "1:4");
    }

    // ---- claims -----------------------------------------------------------------------------------------------------

    @Test
    void aClaimIsSeenOnceCommittedAndAnAbortLeavesNoTrace() {
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        CompletableFuture<List<String>> received = nodes.subscribe(blobs)
                .receive(message -> message.sequence() + ":" + message.length())
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            try (Claim claim = claim(publication, 1 + i % 700)) {
                claim.buffer().setMemory(0, claim.length(), (byte) i);
                if (i % 3 != 0) {
                    int length = i % 3 == 1 ? claim.length() : claim.length() / 2;
                    expected.add(expected.size() + ":" + length);
                    claim.commit(length);
                }
            }
        }
        complete(publication);
        assertThat(result(received)).isEqualTo(expected);
    }

    private static Claim claim(IpcPublication<?> publication, int length) {
        for (Claim claim = publication.tryClaim(length); ; claim = publication.tryClaim(length)) {
            if (claim != null) {
                return claim;
            }
            Thread.yield();
        }
    }

    @Test
    void aClaimIsOverOnceCommittedOrClosed() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Claim claim = Objects.requireNonNull(publication.tryClaim(8));
        MutableDirectBuffer buffer = claim.buffer();
        buffer.putLong(0, 1);
        assertThatThrownBy(() -> buffer.putLong(1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> claim.commit(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("still open");
        assertThatThrownBy(() -> claim.commit(-1)).isInstanceOf(IllegalArgumentException.class);
        claim.commit();

        assertThatThrownBy(() -> buffer.putLong(0, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(claim::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(claim::commit).isInstanceOf(IllegalStateException.class);
        claim.close();

        Claim aborted = Objects.requireNonNull(publication.tryClaim(8));
        aborted.close();
        aborted.close();
        assertThatThrownBy(aborted::commit).isInstanceOf(IllegalStateException.class);
        assertThat(publication.tryEmit(1L)).isEqualTo(EmitResult.OK);
    }

    @Test
    void anEndThatMeetsAnOpenClaimWaitsForIt() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        Claim claim = Objects.requireNonNull(publication.tryClaim(8));
        CompletableFuture<Void> end = publication.complete().toFuture();
        assertThat(end).isNotDone();
        claim.buffer().putLong(0, 42);
        claim.commit();
        result(end);
        assertThat(result(received)).containsExactly(42L);
    }

    @Test
    void disposingWithAnOpenClaimEndsTheStreamBehindIt() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        Claim claim = Objects.requireNonNull(publication.tryClaim(8));
        publication.dispose();
        claim.buffer().putLong(0, 42);
        claim.commit();
        assertThat(result(received)).containsExactly(42L);
        TwoNodes.until("ended", publication::isDisposed);
        assertThatThrownBy(() -> publication.tryClaim(8)).satisfies(e -> hasCode(e, ErrorCode.CLOSED));
    }

    // ---- emit -------------------------------------------------------------------------------------------------------

    @Test
    void emitsWaitForRoomInTheirOrderAndCancelledOnesAreNotWritten() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        long next = fill(publication, 0);
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        List<Disposable> cancelled = new ArrayList<>();
        for (long i = 0; i < 10; i++) {
            waiting.add(publication.emit(next + i).toFuture());
            cancelled.add(publication.emit(-1L).subscribe());
        }
        cancelled.forEach(Disposable::dispose);
        assertThat(waiting).allMatch(future -> !future.isDone());

        subscriber.request(5);
        TwoNodes.until("the first is written", () -> waiting.get(0).isDone());
        assertThat(publication.tryEmit(-2L)).as("newcomers queue").isEqualTo(EmitResult.FAIL_OVERFLOW);
        CompletableFuture<Void> end = publication.complete().toFuture();
        subscriber.request(Long.MAX_VALUE);
        result(end);
        subscriber.block(TwoNodes.PATIENCE);

        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, next + 10));
    }

    @Test
    void emitWritesNothingUntilSubscribed() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        Mono<Void> emit = publication.emit(7L);
        assertThat(publication.freeBytes()).isEqualTo(CAPACITY - 2048);
        emit.block(TwoNodes.PATIENCE);
        emit.block(TwoNodes.PATIENCE);
        subscriber.request(2);
        TwoNodes.until("both", () -> subscriber.getReceivedOnNext().size() == 2);
    }

    @Test
    void emitsOfManyThreadsAllArriveEachThreadsInOrder() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (long writer = 0; writer < 4; writer++) {
            long first = writer * 1_000_000;
            writers.add(longs(first, first + 5000)
                    .concatMap(publication::emit)
                    .then()
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture());
        }
        writers.forEach(DataPlaneContract::result);
        complete(publication);
        List<Long> all = result(received);
        assertThat(all).hasSize(20_000);
        for (long writer = 0; writer < 4; writer++) {
            long first = writer * 1_000_000;
            assertThat(all.stream().filter(value -> value / 1_000_000 == first / 1_000_000))
                    .isEqualTo(list(first, first + 5000));
        }
    }

    @Test
    void disposingRefusesWaitingEmitsAndSubscribersGetWhatWasWritten() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        long written = fill(publication, 0);
        CompletableFuture<Void> one = publication.emit(-1L).toFuture();
        CompletableFuture<Void> other = publication.send(longs(-9, -1)).toFuture();
        publication.dispose();
        publication.dispose();

        assertThatThrownBy(() -> result(one)).cause().satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        assertThatThrownBy(() -> result(other)).cause().satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        subscriber.request(Long.MAX_VALUE);
        subscriber.block(TwoNodes.PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, written));
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    // ---- as a sink --------------------------------------------------------------------------------------------------

    @Test
    void theSinkSurvivesAnOverflow() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        Sinks.Many<Long> sink = publication.asSink();
        TestSubscriber<Long> subscriber = stalled(publication);
        long next = fill(publication, 0);
        assertThat(sink.tryEmitNext(next)).isEqualTo(EmitResult.FAIL_OVERFLOW);
        assertThatThrownBy(() -> sink.emitNext(next, Sinks.EmitFailureHandler.FAIL_FAST))
                .isInstanceOfSatisfying(Sinks.EmissionException.class, e -> assertThat(e.getReason())
                        .isEqualTo(EmitResult.FAIL_OVERFLOW));
        assertThat(sink.currentSubscriberCount()).isOne();
        subscriber.request(Long.MAX_VALUE);
        sink.emitNext(next, (signal, result) -> result == EmitResult.FAIL_OVERFLOW);
        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.OK);
        subscriber.block(TwoNodes.PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, next + 1));
        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(sink.tryEmitNext(1L)).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(sink.tryEmitError(new IllegalStateException())).isEqualTo(EmitResult.FAIL_TERMINATED);
    }

    @Test
    void theSinkHasNoFluxOfItsOwn() {
        StepVerifier.create(nodes.publish(numbers).asSink().asFlux())
                .expectError(UnsupportedOperationException.class)
                .verify(TwoNodes.PATIENCE);
    }

    // ---- conditions -------------------------------------------------------------------------------------------------

    @Test
    void drainedWaitsForWhatWasWrittenBefore() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        publication.drained().block(TwoNodes.PATIENCE);
        TestSubscriber<Long> subscriber = stalled(publication);
        send(publication, 0, 10);
        CompletableFuture<Void> drained = publication.drained().toFuture();
        send(publication, 10, 20);
        subscriber.request(9);
        TwoNodes.until("nine", () -> subscriber.getReceivedOnNext().size() == 9);
        assertThat(drained).isNotDone();
        subscriber.request(1);
        result(drained);
        assertThat(subscriber.getReceivedOnNext()).hasSize(10);
        CompletableFuture<Void> rest = publication.drained().toFuture();
        subscriber.cancel();
        result(rest);
    }

    /** At the end of a lap, such a claim leaves padding behind. */
    @Test
    void drainedDoesNotWaitForClaimsThatWereGivenUp() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        AtomicLong received = new AtomicLong();
        nodes.subscribe(numbers)
                .receive()
                .publishOn(Schedulers.single())
                .subscribe(value -> received.incrementAndGet());
        awaitSubscribers(publication, 1);
        int perLap = CAPACITY / 32;
        send(publication, 0, perLap - 10);
        TwoNodes.until("all", () -> received.get() == perLap - 10);
        try (Claim claim = publication.tryClaim(CAPACITY / 8)) {
            assertThat(claim).isNotNull();
        }
        publication.drained().block(TwoNodes.PATIENCE);
        send(publication, 0, 1);
        TwoNodes.until("one more", () -> received.get() == perLap - 9);
    }

    @Test
    void awaitSubscribersWaitsForAsManyAsWereAsked() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        publication.awaitSubscribers(0).block(TwoNodes.PATIENCE);
        CompletableFuture<Void> two = publication.awaitSubscribers(2).toFuture();
        stalled(publication);
        assertThat(two).isNotDone();
        stalled(publication);
        result(two);
        assertThat(publication.subscriberCount()).isEqualTo(2);
        assertThatThrownBy(() -> publication.awaitSubscribers(65)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void awaitingSubscribersOfAPublicationThatEndsErrors() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<Void> never = publication.awaitSubscribers(1).toFuture();
        complete(publication);
        assertThatThrownBy(() -> result(never)).cause().satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        StepVerifier.create(publication.awaitSubscribers(1))
                .expectErrorSatisfies(e -> hasCode(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void whatWaitsForDrainingErrorsWhenTheNodeCloses() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        stalled(publication);
        send(publication, 0, 10);
        CompletableFuture<Void> open = publication.drained().toFuture();
        IpcPublication<Long> completed = nodes.publish(numbers);
        TwoNodes.until("attached", () -> completed.subscriberCount() == 1);
        send(completed, 0, 10);
        complete(completed);
        CompletableFuture<Void> ended = completed.drained().toFuture();
        assertThat(ended).isNotDone();

        nodes.sender().close();

        assertThatThrownBy(() -> result(open)).cause().satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        assertThatThrownBy(() -> result(ended)).cause().satisfies(e -> hasCode(e, ErrorCode.CLOSED));
        StepVerifier.create(completed.drained())
                .expectErrorSatisfies(e -> hasCode(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
    }

    /** As {@link LongCodec}, with a say in what {@code encode} returns. */
    private record Encoding(ToIntFunction<Long> result) implements Codec<Long> {
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
            buffer.putLong(0, value);
            return result.applyAsInt(value);
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            return LongCodec.INSTANCE.decode(buffer, length);
        }
    }
}
