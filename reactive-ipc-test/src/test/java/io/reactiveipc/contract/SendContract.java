package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.WaitStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

public abstract class SendContract extends DataPlaneContract {
    /** How a source hands its elements over. */
    enum Source {
        AT_HAND {
            @Override
            Flux<Long> of(long from, long to) {
                return Flux.range((int) from, (int) (to - from)).map(Long::valueOf);
            }
        },
        ON_REQUEST {
            @Override
            Flux<Long> of(long from, long to) {
                return longs(from, to).hide();
            }
        },
        FROM_ANOTHER_THREAD {
            @Override
            Flux<Long> of(long from, long to) {
                return longs(from, to).publishOn(Schedulers.parallel());
            }
        },
        FROM_ANOTHER_THREAD_UNFUSED {
            @Override
            Flux<Long> of(long from, long to) {
                return longs(from, to)
                        .hide()
                        .publishOn(Schedulers.parallel(), 7)
                        .hide();
            }
        },
        SUBSCRIBED_ELSEWHERE {
            @Override
            Flux<Long> of(long from, long to) {
                return longs(from, to).subscribeOn(Schedulers.boundedElastic());
            }
        };

        abstract Flux<Long> of(long from, long to);
    }

    private CompletableFuture<List<Long>> receive(IpcPublication<Long> publication) {
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        return received;
    }

    private TestSubscriber<Long> stalled(IpcPublication<Long> publication) {
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        nodes.subscribe(numbers).receive().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        return subscriber;
    }

    @ParameterizedTest
    @EnumSource
    void everythingOfASourceArrivesInOrder(Source source) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = receive(publication);
        publication.send(source.of(0, 20_000)).block(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 20_000));
    }

    @ParameterizedTest
    @EnumSource
    void concurrentSendsMixEachInItsOwnOrder(Source source) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = receive(publication);
        List<CompletableFuture<Void>> sends = new ArrayList<>();
        for (long i = 0; i < 4; i++) {
            sends.add(publication
                    .send(source.of(i * 100_000, i * 100_000 + 8000))
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture());
        }
        sends.forEach(DataPlaneContract::result);
        complete(publication);

        List<Long> all = result(received);
        assertThat(all).hasSize(32_000);
        for (long i = 0; i < 4; i++) {
            long sender = i;
            assertThat(all.stream().filter(value -> value / 100_000 == sender))
                    .isEqualTo(list(i * 100_000, i * 100_000 + 8000));
        }
    }

    @Test
    void theSourceIsAskedOnlyForWhatTheRingHolds() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        AtomicLong taken = new AtomicLong();
        AtomicLong requested = new AtomicLong();
        ConcurrentLinkedQueue<String> excess = new ConcurrentLinkedQueue<>();
        BaseSubscriber<Long> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Long value) {
                taken.incrementAndGet();
            }
        };
        nodes.subscribe(numbers).receive().subscribe(slow);
        awaitSubscribers(publication, 1);
        CompletableFuture<Void> sent = publication
                .send(longs(0, 3L * FULL).hide().doOnRequest(n -> {
                    long allowed = taken.get() + FULL;
                    if (requested.addAndGet(n) > allowed) {
                        excess.add(requested.get() + " asked for where " + allowed + " fit");
                    }
                }))
                .toFuture();

        TwoNodes.until("the ring is nearly full", () -> publication.freeBytes() < 2 * 32);
        assertThat(requested.get()).isBetween(FULL - 1L, (long) FULL);
        assertThat(sent).isNotDone();
        for (int i = 0; i < 20; i++) {
            slow.request(100);
        }
        slow.request(Long.MAX_VALUE);
        result(sent);
        assertThat(excess).isEmpty();
        TwoNodes.until("all arrived", () -> taken.get() == 3L * FULL);
    }

    @Test
    void messagesOfVaryingLengthAllArrive() {
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        CompletableFuture<List<Integer>> received = nodes.subscribe(blobs)
                .receive(message -> message.length() == 0
                        ? -1
                        : message.length() << 8 | message.buffer().getByte(0) & 0xFF)
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        List<Integer> expected = new ArrayList<>();
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            byte[] message = new byte[i % 100 == 99 ? CAPACITY / 8 : i * 37 % 300];
            Arrays.fill(message, (byte) i);
            messages.add(message);
            expected.add(message.length == 0 ? -1 : message.length << 8 | i & 0xFF);
        }
        publication.send(Flux.fromIterable(messages).hide()).block(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(result(received)).isEqualTo(expected);
    }

    /** So many that the runs are long, and go into the ring in all ways there are. */
    @Test
    void aQuickSourceOfManyMessagesOfAllLengthsArrivesWhole() {
        int count = 300_000;
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        AtomicLong taken = new AtomicLong();
        CompletableFuture<Long> wrong = nodes.subscribe(blobs)
                .receive(message -> isBlob(message.buffer(), message.length(), (int) taken.getAndIncrement()))
                .filter(right -> !right)
                .count()
                .toFuture();
        awaitSubscribers(publication, 1);

        publication
                .send(Flux.range(0, count).map(SendContract::blob))
                .subscribeOn(Schedulers.boundedElastic())
                .block(TwoNodes.PATIENCE);
        complete(publication);

        assertThat(result(wrong)).isZero();
        assertThat(taken.get()).isEqualTo(count);
    }

    /** Wherever it does: in the first runs, which are short, and in long ones that go into the ring in all ways there are. */
    @ParameterizedTest
    @ValueSource(ints = {0, 63, 700, 1500, 2300, 3100, 3900, 4700, 5500, 6300, 7100, 7900})
    void aCodecThatFailsAmidAQuickSourceEndsTheSendBehindWhatWasWritten(int bad) {
        StreamSpec<Integer> spec = StreamSpec.of("choosy", new ChoosyCodec(bad)).capacity(CAPACITY);
        IpcPublication<Integer> publication = nodes.publish(spec);
        CompletableFuture<List<Integer>> received =
                nodes.subscribe(spec).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);

        Mono<Void> sent = publication.send(Flux.range(0, 10_000)).subscribeOn(Schedulers.boundedElastic());
        assertThatThrownBy(() -> sent.block(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CODEC))
                .hasMessageContaining("choosy");

        publication.send(Flux.range(10_000, 3)).block(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(result(received))
                .isEqualTo(IntStream.concat(IntStream.range(0, bad), IntStream.range(10_000, 10_003))
                        .boxed()
                        .toList());
    }

    /** Of whole numbers but one. */
    private record ChoosyCodec(int bad) implements Codec<Integer> {
        @Override
        public String typeId() {
            return "choosy";
        }

        @Override
        public int encodedLength(Integer value) {
            return Integer.BYTES;
        }

        @Override
        public int encode(Integer value, MutableDirectBuffer buffer) {
            buffer.putInt(0, value);
            if (value == bad) {
                throw new IllegalStateException("not that one");
            }
            return Integer.BYTES;
        }

        @Override
        public Integer decode(DirectBuffer buffer, int length) {
            return buffer.getInt(0);
        }
    }

    private static int blobLength(int number) {
        return number % 500 == 499 ? CAPACITY / 8 : number * 37 % 300;
    }

    private static byte[] blob(int number) {
        byte[] blob = new byte[blobLength(number)];
        Arrays.fill(blob, (byte) number);
        return blob;
    }

    private static boolean isBlob(DirectBuffer buffer, int length, int number) {
        boolean right = length == blobLength(number);
        for (int i = 0; i < length; i++) {
            right &= buffer.getByte(i) == (byte) number;
        }
        return right;
    }

    @Test
    void anErrorOfTheSourceErrorsTheMonoAndThePublicationStaysOpen() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = receive(publication);
        IllegalStateException failure = new IllegalStateException("of the source");
        for (Flux<Long> source : List.of(longs(0, 10), longs(0, 10).hide())) {
            StepVerifier.create(publication.send(source.concatWith(Flux.error(failure))))
                    .expectErrorSatisfies(error -> assertThat(error).isSameAs(failure))
                    .verify(TwoNodes.PATIENCE);
        }
        StepVerifier.create(publication.send(Flux.error(failure)))
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(failure))
                .verify(TwoNodes.PATIENCE);
        publication.send(Flux.empty()).block(TwoNodes.PATIENCE);
        complete(publication);
        assertThat(result(received)).hasSize(20);
    }

    @Test
    void aMessageThatIsTooLongCancelsTheSource() {
        IpcPublication<byte[]> publication = nodes.publish(blobs);
        TestPublisher<byte[]> source = TestPublisher.create();
        StepVerifier.create(publication.send(source))
                .then(() -> source.next(new byte[1], new byte[CAPACITY]))
                .expectError(IllegalArgumentException.class)
                .verify(TwoNodes.PATIENCE);
        source.assertCancelled();
        StepVerifier.create(publication.send(Flux.just(new byte[1], new byte[CAPACITY])))
                .expectError(IllegalArgumentException.class)
                .verify(TwoNodes.PATIENCE);
        assertThat(publication.tryEmit(new byte[1]).isSuccess()).isTrue();
    }

    @Test
    void aSourceThatIgnoresDemandIsRefused() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        fill(publication, 0);
        TestPublisher<Long> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        CompletableFuture<Void> sent = publication.send(source).toFuture();
        for (long i = 0; i < 1000 && !sent.isDone(); i++) {
            source.next(i);
        }
        source.assertCancelled();
        subscriber.request(Long.MAX_VALUE);
        assertThatThrownBy(() -> result(sent)).cause().hasMessageContaining("respect request(n)");
    }

    @Test
    void cancellingStopsAndDiscardsWhatWasHeldBack() {
        for (Source source : List.of(Source.AT_HAND, Source.ON_REQUEST)) {
            IpcPublication<Long> publication = nodes.publish(numbers);
            TestSubscriber<Long> subscriber = stalled(publication);
            long written = fill(publication, 0);
            ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();
            publication
                    .send(source.of(1_000_000, 1_000_100))
                    .doOnDiscard(Long.class, discarded::add)
                    .subscribe()
                    .dispose();
            complete(publication);
            subscriber.request(Long.MAX_VALUE);
            subscriber.block(TwoNodes.PATIENCE);
            assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, written));
            TwoNodes.until("discarded", () -> source == Source.ON_REQUEST || discarded.contains(1_000_000L));
        }
    }

    @Test
    void aSendInTheMiddleOfItsSourceMayBeCancelled() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        TestPublisher<Long> source = TestPublisher.create();
        var sending = publication.send(source).subscribe();
        source.next(0L, 1L, 2L);
        sending.dispose();
        source.assertCancelled();
        complete(publication);
        subscriber.request(Long.MAX_VALUE);
        subscriber.block(TwoNodes.PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).containsExactly(0L, 1L, 2L);
    }

    /** A quick source of 10,000 that waits for the latch before the element given. */
    private static Flux<Long> blocking(long at, CountDownLatch go) {
        return blocking(at, go, new AtomicLong());
    }

    private static Flux<Long> blocking(long at, CountDownLatch go, AtomicLong pulled) {
        return longs(0, 10_000).doOnNext(value -> {
            pulled.set(value);
            if (value == at) {
                await(go);
            }
        });
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, true", "3, false", "1001, true", "1001, false", "1022, true"})
    void aSourceThatBlocksHoldsNothingBack(long at, boolean atHand) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> before =
                nodes.subscribe(numbers).receive().take(at).collectList().toFuture();
        awaitSubscribers(publication, 1);
        CountDownLatch go = new CountDownLatch(1);
        Flux<Long> source = blocking(at, go);
        CompletableFuture<Void> sent = publication
                .send(atHand ? source : source.hide())
                .subscribeOn(Schedulers.boundedElastic())
                .toFuture();
        assertThat(result(before)).isEqualTo(list(0, at));
        go.countDown();
        result(sent);
    }

    /** Reactive Streams 2.7. The source delivers on another thread before the call that asks it has returned. */
    @Test
    void aSourceIsAskedByOneThreadAtATime() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = receive(publication);
        TestPublisher<Long> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        List<Long> requests = new CopyOnWriteArrayList<>();
        AtomicBoolean asking = new AtomicBoolean();
        AtomicBoolean overlapping = new AtomicBoolean();
        Flux<Long> asked = source.flux().doOnRequest(n -> {
            overlapping.compareAndSet(false, !asking.compareAndSet(false, true));
            requests.add(n);
            if (requests.size() == 2) {
                result(CompletableFuture.runAsync(
                        () -> LongStream.range(1, 1 + n).forEach(source::next)));
            }
            asking.set(false);
        });

        CompletableFuture<Void> sent = publication.send(asked).toFuture();
        source.next(0L);
        assertThat(requests).hasSizeGreaterThan(2);
        source.complete();

        result(sent);
        complete(publication);
        assertThat(result(received)).isEqualTo(list(0, 1 + requests.get(1)));
        assertThat(overlapping).isFalse();
    }

    @Test
    void othersWriteWhileASourceBlocks() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<List<Long>> received = receive(publication);
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong pulled = new AtomicLong();
        CompletableFuture<Void> sent = publication
                .send(blocking(1001, go, pulled))
                .subscribeOn(Schedulers.boundedElastic())
                .toFuture();
        TwoNodes.until("the source blocks", () -> pulled.get() == 1001); // else the poll loop may be the one who pulls
        for (long i = 0; i < 1000; i++) {
            publication.emit(-1 - i).block(TwoNodes.PATIENCE);
        }
        go.countDown();
        result(sent);
        complete(publication);
        assertThat(result(received).stream().filter(value -> value >= 0)).isEqualTo(list(0, 10_000));
        assertThat(result(received).stream().filter(value -> value < 0).count()).isEqualTo(1000);
    }

    @Test
    void aSourceThatIsCancelledWhileItBlocksHasTheRestDiscardedOnceItGoesOn() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<Long> discarded = new ConcurrentLinkedQueue<>();
        AtomicLong passed = new AtomicLong();
        BaseSubscriber<Void> sending = new BaseSubscriber<>() {};
        CompletableFuture<Void> pulling = CompletableFuture.runAsync(() -> publication
                .send(blocking(1001, go).doOnNext(passed::set))
                .doOnDiscard(Long.class, discarded::add)
                .subscribe(sending));
        subscriber.request(1001);
        TwoNodes.until("so many", () -> subscriber.getReceivedOnNext().size() == 1001);
        sending.cancel();
        go.countDown();
        result(pulling);
        TwoNodes.until("discarded", () -> discarded.contains(1001L));
        complete(publication);
        subscriber.request(Long.MAX_VALUE);
        subscriber.block(TwoNodes.PATIENCE);
        assertThat(subscriber.getReceivedOnNext()).isEqualTo(list(0, 1001));
        assertThat(passed).hasValue(1001);
    }

    /** The poll loop, which finds no room for what was pulled, does not undo that. */
    @Test
    void aSourceThatIsCancelledWhileItBlocksAndTheRingIsFullIsPulledNoFurther() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Long> subscriber = stalled(publication);
        subscriber.request(1001);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean blocks = new AtomicBoolean();
        AtomicLong pulled = new AtomicLong();
        BaseSubscriber<Void> sending = new BaseSubscriber<>() {};
        Flux<Long> source = longs(0, 10_000).doOnNext(value -> {
            pulled.set(value);
            if (value == 1001) {
                fill(publication, -10_000);
                blocks.set(true);
                await(go);
            }
        });
        CompletableFuture<Void> pulling =
                CompletableFuture.runAsync(() -> publication.send(source).subscribe(sending));
        TwoNodes.until("the source blocks", blocks::get);
        sending.cancel();
        Mono.delay(Duration.ofMillis(20)).block(); // the poll loop comes by each millisecond
        go.countDown();
        result(pulling);
        assertThat(pulled).hasValue(1001);
    }

    @Test
    void aValueThatCannotBeEncodedErrorsTheSendThoughItsSourceBlocks() {
        StreamSpec<Long> spec = StreamSpec.of("numbers", new Picky(1000, new IllegalArgumentException("not 1000")))
                .capacity(CAPACITY);
        IpcPublication<Long> publication = nodes.publish(spec);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> sent = publication
                .send(blocking(1001, go))
                .subscribeOn(Schedulers.boundedElastic())
                .toFuture();
        assertThatThrownBy(() -> result(sent)).cause().isInstanceOfSatisfying(IpcException.class, e -> assertThat(
                        e.code())
                .isEqualTo(ErrorCode.CODEC));
        go.countDown();
        publication.emit(1L).block(TwoNodes.PATIENCE);
    }

    @Test
    void anErrorOfTheCodecErrorsTheSend() {
        IpcPublication<Long> publication =
                nodes.publish(StreamSpec.of("numbers", new Picky(1000, new AssertionError("not this one")))
                        .capacity(CAPACITY));
        TestSubscriber<Long> slow = stalled(publication);
        CompletableFuture<Void> sent = publication.send(longs(0, 2000)).toFuture();
        slow.request(Long.MAX_VALUE); // from here on the poll loop pulls
        assertThatThrownBy(() -> result(sent)).hasStackTraceContaining("not this one");
        publication.emit(1L).block(TwoNodes.PATIENCE);
        TwoNodes.until("all before it", () -> slow.getReceivedOnNext().size() == 1001);
        assertThat(slow.getReceivedOnNext().subList(0, 1000))
                .isEqualTo(longs(0, 1000).collectList().block());
    }

    /** Codecs may encode a whole value to tell its length. */
    @Test
    void theCodecIsAskedForEachLengthOnce() {
        AtomicLong asked = new AtomicLong();
        Codec<Integer> zeros = new Codec<>() {
            @Override
            public String typeId() {
                return "zeros";
            }

            @Override
            public int encodedLength(Integer length) {
                asked.incrementAndGet();
                return length;
            }

            @Override
            public int encode(Integer length, MutableDirectBuffer buffer) {
                return length;
            }

            @Override
            public Integer decode(DirectBuffer buffer, int length) {
                return length;
            }
        };
        IpcPublication<Integer> publication =
                nodes.publish(StreamSpec.of("zeros", zeros).capacity(CAPACITY));
        int count = 3000;
        publication.send(Flux.range(0, count).map(i -> i % 8192)).block(TwoNodes.PATIENCE);
        assertThat(asked.get()).isEqualTo(count);
    }

    /**
     * The watch of a quick source ends after 100 µs without an element. One that comes at just that moment, before the source
     * blocks, is nobody's: it must be found all the same.
     */
    @Test
    void anElementThatComesAsTheWatchEndsIsNotHeldBack() {
        AtomicLong taken = new AtomicLong();
        try (IpcNode receiver = transport.node("slow").build();
                IpcNode sender = transport
                        .node("spinning")
                        .waitStrategy(WaitStrategy.busySpin())
                        .build()) {
            IpcPublication<Long> publication = sender.publish(numbers).block(TwoNodes.PATIENCE);
            receiver.subscribe(numbers).block(TwoNodes.PATIENCE).receive().subscribe(value -> taken.set(value + 1));
            awaitSubscribers(publication, 1);
            publication.send(Flux.fromIterable(() -> new Stalling(taken))).block(Stalling.PATIENCE);
            TwoNodes.until(
                    "all are taken",
                    () -> taken.get() == Stalling.ROUNDS * Stalling.BURST); // nodes that close do not wait
        }
    }

    /** Bursts whose last element comes about as long after the others as a stall lasts, and then nothing until it was taken. */
    private static final class Stalling implements Iterator<Long> {
        static final long ROUNDS = 1500;
        static final long BURST = 150;

        /** For all rounds: each has an end of its own. */
        static final Duration PATIENCE = Duration.ofSeconds(110);

        private final AtomicLong taken;
        private final SplittableRandom random = new SplittableRandom(1);
        private long next;

        Stalling(AtomicLong taken) {
            this.taken = taken;
        }

        @Override
        public boolean hasNext() {
            return next < ROUNDS * BURST;
        }

        @Override
        public Long next() {
            if (next % BURST == 0) {
                TwoNodes.until("element " + (next - 1) + " was not held back", () -> taken.get() == next);
            } else if (next % BURST == BURST - 1) {
                long end = System.nanoTime() + 98_000 + random.nextInt(6_000);
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }
            return next++;
        }
    }

    private record Picky(long refused, Throwable error) implements Codec<Long> {
        @Override
        public String typeId() {
            return LongCodec.INSTANCE.typeId();
        }

        @Override
        public int encodedLength(Long value) {
            return LongCodec.INSTANCE.encodedLength(value);
        }

        @Override
        public int encode(Long value, MutableDirectBuffer buffer) {
            if (value == refused) {
                throw rethrown(error);
            }
            return LongCodec.INSTANCE.encode(value, buffer);
        }

        private static RuntimeException rethrown(Throwable error) {
            if (error instanceof Error fatal) {
                throw fatal;
            }
            return (RuntimeException) error;
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            return LongCodec.INSTANCE.decode(buffer, length);
        }
    }

    @Test
    void sendingToAnEndedPublicationErrorsAndCancelsTheSource() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        complete(publication);
        TestPublisher<Long> source = TestPublisher.create();
        StepVerifier.create(publication.send(source))
                .expectErrorSatisfies(SendContract::saysClosed)
                .verify(TwoNodes.PATIENCE);
        source.assertCancelled();
    }

    @Test
    void disposingOfThePublicationEndsASendThatWaitsForItsSource() {
        endsASendThatWaitsForItsSource(IpcPublication::dispose);
    }

    @Test
    void completingThePublicationEndsASendThatWaitsForItsSource() {
        endsASendThatWaitsForItsSource(DataPlaneContract::complete);
    }

    private void endsASendThatWaitsForItsSource(Consumer<IpcPublication<Long>> end) {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestPublisher<Long> source = TestPublisher.create();
        StepVerifier.create(publication.send(source))
                .then(() -> source.next(1L))
                .then(() -> end.accept(publication))
                .expectErrorSatisfies(SendContract::saysClosed)
                .verify(TwoNodes.PATIENCE);
        source.assertCancelled();
    }

    private static void saysClosed(Throwable error) {
        assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CLOSED));
    }

    @Test
    void aStreamMayBeForwardedIntoAnother() {
        IpcPublication<Long> first = nodes.publish(numbers);
        var otherSpec = StreamSpec.of("forwarded", LongCodec.INSTANCE).capacity(CAPACITY);
        IpcPublication<Long> second = nodes.publish(otherSpec);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(otherSpec).receive().collectList().toFuture();
        awaitSubscribers(second, 1);
        CompletableFuture<Void> forwarded = second.send(
                        nodes.subscribe(numbers).receive().map(value -> value + 1))
                .then(second.complete())
                .toFuture();
        awaitSubscribers(first, 1);
        send(first, 0, 10_000);
        complete(first);
        result(forwarded);
        assertThat(result(received)).isEqualTo(list(1, 10_001));
    }
}
