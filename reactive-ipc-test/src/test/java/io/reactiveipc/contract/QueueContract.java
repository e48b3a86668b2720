package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Delivery;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishResult;
import io.reactiveipc.Start;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** What subscriptions that share a stream as a queue may rely on. */
public abstract class QueueContract extends DataPlaneContract {
    private final StreamSpec<Long> queue = numbers.delivery(Delivery.queue("workers"));

    /** A member as a test sees it: each message as its number, negative if it was redelivered. */
    private static Flux<Long> marked(IpcSubscription<Long> subscription) {
        return subscription.receive(message -> {
            long number = message.buffer().getLong(0) + 1;
            return message.isRedelivered() ? -number : number;
        });
    }

    private static List<Long> marks(long from, long to) {
        return list(from + 1, to + 1);
    }

    private TestSubscriber<Long> member(StreamSpec<Long> spec, long demand) {
        TestSubscriber<Long> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        marked(nodes.subscribe(spec)).subscribe(subscriber);
        return subscriber;
    }

    /** A member that fails at its first message. */
    private CompletableFuture<Void> failing(StreamSpec<Long> spec) {
        return nodes.subscribe(spec)
                .<Long>receive(message -> {
                    throw new IllegalStateException("cannot read that");
                })
                .then()
                .toFuture();
    }

    private static void until(TestSubscriber<?> subscriber, int count) {
        TwoNodes.until(count + " messages", () -> subscriber.getReceivedOnNext().size() >= count);
    }

    // ---- each message to one member ---------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void eachMessageGoesToExactlyOneMemberAtFullSpeed(Way way) {
        IpcPublication<Long> publication = nodes.publish(queue);
        List<CompletableFuture<List<Long>>> members = IntStream.range(0, 3)
                .mapToObj(i -> way.of(nodes.subscribe(queue)).collectList().toFuture())
                .toList();
        awaitSubscribers(publication, 3);
        long sent = 20L * FULL;
        send(publication, 0, sent);
        complete(publication);
        List<Long> together = new ArrayList<>();
        for (CompletableFuture<List<Long>> member : members) {
            assertThat(result(member)).isSorted();
            together.addAll(result(member));
        }
        assertThat(together).hasSize((int) sent).doesNotHaveDuplicates();
        untilDetached(publication);
        publication.drained().block(TwoNodes.PATIENCE);
    }

    @Test
    void membersThatPublishOnOtherThreadsShareToo() {
        IpcPublication<Long> publication = nodes.publish(queue);
        List<CompletableFuture<List<Long>>> members = IntStream.range(0, 3)
                .mapToObj(i -> nodes.subscribe(queue)
                        .receive()
                        .publishOn(Schedulers.parallel(), 4)
                        .collectList()
                        .toFuture())
                .toList();
        awaitSubscribers(publication, 3);
        long sent = 20L * FULL;
        send(publication, 0, sent);
        complete(publication);
        Set<Long> together = new HashSet<>();
        members.forEach(member ->
                result(member).forEach(value -> assertThat(together.add(value)).isTrue()));
        assertThat(together).hasSize((int) sent);
        untilDetached(publication);
    }

    @Test
    void onlyWhoHasDemandGetsMessages() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Long> idle = member(queue, 0);
        TestSubscriber<Long> busy = member(queue, 5);
        awaitSubscribers(publication, 2);
        send(publication, 0, 10);
        until(busy, 5);
        idle.request(2);
        until(idle, 2);
        busy.request(100);
        until(busy, 8);
        assertThat(busy.getReceivedOnNext()).isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 8L, 9L, 10L));
        assertThat(idle.getReceivedOnNext()).containsExactly(6L, 7L);
        complete(publication);
        idle.block(TwoNodes.PATIENCE);
        busy.block(TwoNodes.PATIENCE);
    }

    @Test
    void whatNobodyHasTakenHoldsThePublisherBack() {
        IpcPublication<Long> publication = nodes.publish(queue.overflow(Overflow.FAIL));
        TestSubscriber<Long> member = member(queue, 0);
        awaitSubscribers(publication, 1);
        assertThat(fill(publication, 0)).isEqualTo(FULL);
        assertThat(publication.publish(-1L).block(TwoNodes.PATIENCE))
                .isEqualTo(new PublishResult(PublishResult.Outcome.NO_ROOM, 1, 1));
        member.request(FULL);
        until(member, FULL);
        TwoNodes.until("room", () -> publication.tryEmit((long) FULL).isSuccess());
        member.request(10);
        complete(publication);
        member.block(TwoNodes.PATIENCE);
        assertThat(member.getReceivedOnNext()).isEqualTo(marks(0, FULL + 1));
    }

    @Test
    void groupsAndOtherReadersEachGetTheirOwn() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        CompletableFuture<Long> everything =
                nodes.subscribe(numbers).receive().count().toFuture();
        CompletableFuture<Long> newest = nodes.subscribe(numbers.delivery(Delivery.LATEST))
                .receive()
                .last(-1L)
                .toFuture();
        List<CompletableFuture<Long>> first = counting("first", 2);
        List<CompletableFuture<Long>> second = counting("second", 3);
        awaitSubscribers(publication, 7);
        long sent = 10L * FULL;
        send(publication, 0, sent);
        complete(publication);
        assertThat(result(everything)).isEqualTo(sent);
        assertThat(result(newest)).isEqualTo(sent - 1);
        assertThat(first.stream().mapToLong(DataPlaneContract::result).sum()).isEqualTo(sent);
        assertThat(second.stream().mapToLong(DataPlaneContract::result).sum()).isEqualTo(sent);
    }

    private List<CompletableFuture<Long>> counting(String group, int members) {
        return IntStream.range(0, members)
                .mapToObj(i -> nodes.subscribe(numbers.delivery(Delivery.queue(group)))
                        .receive()
                        .count()
                        .toFuture())
                .toList();
    }

    @Test
    void severalPublicationsAreOneQueue() {
        IpcPublication<Long> one = nodes.publish(queue);
        IpcPublication<Long> other = nodes.publish(queue);
        List<CompletableFuture<List<Long>>> members = IntStream.range(0, 2)
                .mapToObj(i -> nodes.subscribe(queue).receive().collectList().toFuture())
                .toList();
        awaitSubscribers(one, 2);
        awaitSubscribers(other, 2);
        send(one, 0, 1000);
        send(other, 1000, 2000);
        complete(one);
        complete(other);
        List<Long> together = new ArrayList<>(result(members.get(0)));
        together.addAll(result(members.get(1)));
        assertThat(together).containsExactlyInAnyOrderElementsOf(list(0, 2000));
    }

    @Test
    void messagesOfAllSizesArriveWhole() {
        StreamSpec<byte[]> spec = blobs.delivery(Delivery.queue("workers"));
        IpcPublication<byte[]> publication = nodes.publish(spec);
        AtomicLong received = new AtomicLong();
        List<CompletableFuture<Void>> members = IntStream.range(0, 3)
                .mapToObj(i -> nodes.subscribe(spec)
                        .receive(message -> {
                            Pattern.check(message.toByteArray(), message.sequence());
                            return received.incrementAndGet();
                        })
                        .then()
                        .toFuture())
                .toList();
        awaitSubscribers(publication, 3);
        long sent = 50_000;
        publication.send(longs(0, sent).map(Pattern::of)).block(TwoNodes.PATIENCE);
        complete(publication);
        members.forEach(DataPlaneContract::result);
        assertThat(received).hasValue(sent);
    }

    // ---- who comes and goes -----------------------------------------------------------------------------------------

    @Test
    void aLaterMemberGoesOnWhereTheGroupIs() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Long> first = member(queue, 0);
        awaitSubscribers(publication, 1);
        send(publication, 0, 10);
        TestSubscriber<Long> second = member(queue, Long.MAX_VALUE);
        until(second, 10);
        assertThat(second.getReceivedOnNext()).isEqualTo(marks(0, 10));
        complete(publication);
        first.block(TwoNodes.PATIENCE);
        second.block(TwoNodes.PATIENCE);
        assertThat(first.getReceivedOnNext()).isEmpty();
    }

    @Test
    void theFirstMemberSaysWhereTheGroupBegins() {
        IpcPublication<Long> publication = nodes.publish(numbers.history(4));
        send(publication, 0, 10);
        TestSubscriber<Long> last = member(queue.start(Start.last(3)), Long.MAX_VALUE);
        until(last, 3);
        TestSubscriber<Long> next =
                member(numbers.delivery(Delivery.queue("other")).start(Start.NEXT), Long.MAX_VALUE);
        awaitSubscribers(publication, 2);
        send(publication, 10, 11);
        complete(publication);
        last.block(TwoNodes.PATIENCE);
        next.block(TwoNodes.PATIENCE);
        assertThat(last.getReceivedOnNext()).containsExactly(8L, 9L, 10L, 11L);
        assertThat(next.getReceivedOnNext()).containsExactly(11L);
    }

    @Test
    void aGroupThatAllHaveLeftHoldsNobodyBackAndBeginsAnewWithoutWhatItHad() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Long> first = member(queue, 3);
        awaitSubscribers(publication, 1);
        send(publication, 0, 5);
        until(first, 3);
        TwoNodes.until("the third is finished", () -> publication.freeBytes() >= CAPACITY - 2048 - 2 * 32);
        first.cancel();
        untilDetached(publication);
        send(publication, 5, 10L * FULL);
        TestSubscriber<Long> second = member(queue.start(Start.OLDEST), Long.MAX_VALUE);
        until(second, 1);
        complete(publication);
        second.block(TwoNodes.PATIENCE);
        assertThat(second.getReceivedOnNext()).containsExactly(10L * FULL);
    }

    @Test
    void membersComeAndGoWhileAllIsDelivered() {
        IpcPublication<Long> publication = nodes.publish(queue);
        CompletableFuture<List<Long>> steady =
                nodes.subscribe(queue).receive().collectList().toFuture();
        awaitSubscribers(publication, 1);
        long sent = 200_000;
        CompletableFuture<Void> sending =
                publication.send(longs(0, sent)).then(publication.complete()).toFuture();
        List<Long> taken = new ArrayList<>();
        while (!sending.isDone()) {
            TestSubscriber<Message> passing =
                    TestSubscriber.builder().initialRequest(50).build();
            nodes.subscribe(queue).leases().subscribe(passing);
            TwoNodes.until(
                    "some messages",
                    () -> sending.isDone() || !passing.getReceivedOnNext().isEmpty());
            for (Message message : passing.getReceivedOnNext()) {
                if (message.sequence() % 2 == 0) {
                    taken.add(message.buffer().getLong(0));
                    message.release();
                } else {
                    message.giveBack();
                }
            }
            passing.cancel();
            TwoNodes.until("the rest is given back", () -> {
                passing.getReceivedOnNext().forEach(Message::giveBack);
                return publication.subscriberCount() <= 1; // what is on its way as it cancels comes yet
            });
            passing.getReceivedOnNext().forEach(Message::giveBack);
        }
        result(sending);
        List<Long> together = new ArrayList<>(result(steady));
        together.addAll(taken);
        assertThat(together).hasSize((int) sent).doesNotHaveDuplicates();
    }

    // ---- what is not finished ---------------------------------------------------------------------------------------

    @Test
    void whoeverIsCancelledInAMessageGivesItBackAndAnotherGetsItMarked() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Long> failing = TestSubscriber.create();
        marked(nodes.subscribe(queue))
                .doOnNext(mark -> {
                    if (mark == 3) {
                        throw new IllegalStateException("cannot do that");
                    }
                })
                .subscribe(failing);
        awaitSubscribers(publication, 1);
        TestSubscriber<Long> other = member(queue, 0);
        awaitSubscribers(publication, 2);
        send(publication, 0, 5);
        failing.block(TwoNodes.PATIENCE);
        other.request(Long.MAX_VALUE);
        until(other, 3);
        complete(publication);
        other.block(TwoNodes.PATIENCE);
        assertThat(failing.getReceivedOnNext()).containsExactly(1L, 2L);
        assertThat(other.getReceivedOnNext()).containsExactlyInAnyOrder(-3L, 4L, 5L);
    }

    /** Such an operator looks whether there is more before it has come to the end of what it has. */
    @Test
    void whatAnOperatorIsInTheMidstOfIsNotFinished() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Long> first = TestSubscriber.builder().initialRequest(1).build();
        marked(nodes.subscribe(queue))
                .flatMapIterable(mark -> List.of(mark, mark))
                .subscribe(first);
        awaitSubscribers(publication, 1);
        TestSubscriber<Long> other = member(queue, 0);
        awaitSubscribers(publication, 2);
        send(publication, 0, 1);
        until(first, 1);
        Mono.delay(Duration.ofMillis(50)).block(); // long enough for it to have looked
        first.cancel();
        other.request(1);
        until(other, 1);
        assertThat(other.getReceivedOnNext()).containsExactly(-1L);
        complete(publication);
        other.block(TwoNodes.PATIENCE);
    }

    @Test
    void aMapperThatFailsGivesItsMessageBack() {
        IpcPublication<Long> publication = nodes.publish(queue);
        CompletableFuture<Void> failing = failing(queue);
        awaitSubscribers(publication, 1);
        TestSubscriber<Long> other = member(queue, 0);
        awaitSubscribers(publication, 2);
        send(publication, 0, 1);
        assertThatThrownBy(() -> result(failing)).hasMessageContaining("cannot read that");
        other.request(1);
        until(other, 1);
        assertThat(other.getReceivedOnNext()).containsExactly(-1L);
        complete(publication);
        other.block(TwoNodes.PATIENCE);
    }

    @Test
    void atMostOnceMeansThatNobodyElseGetsIt() {
        StreamSpec<Long> spec = numbers.delivery(Delivery.queue("workers").atMostOnce());
        IpcPublication<Long> publication = nodes.publish(spec);
        CompletableFuture<Void> failing = failing(spec);
        awaitSubscribers(publication, 1);
        TestSubscriber<Long> other = member(spec, 0);
        awaitSubscribers(publication, 2);
        send(publication, 0, 3);
        assertThatThrownBy(() -> result(failing)).hasMessageContaining("cannot read that");
        other.request(Long.MAX_VALUE);
        complete(publication);
        other.block(TwoNodes.PATIENCE);
        assertThat(other.getReceivedOnNext()).containsExactly(2L, 3L);
        untilDetached(publication);
    }

    @Test
    void atMostOnceMeansThatWhatIsGivenBackIsNobodys() {
        StreamSpec<Long> spec = numbers.delivery(Delivery.queue("workers").atMostOnce());
        IpcPublication<Long> publication = nodes.publish(spec);
        CompletableFuture<List<Long>> seen = nodes.subscribe(spec)
                .leases()
                .map(message -> {
                    long number = message.buffer().getLong(0);
                    if (message.isRedelivered()) {
                        message.release();
                        return -number;
                    }
                    message.giveBack();
                    return number;
                })
                .collectList()
                .toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 1, 4);
        complete(publication);
        assertThat(result(seen)).containsExactly(1L, 2L, 3L);
    }

    /** Members wait for each other's unfinished messages, which may yet come to them. */
    @Test
    void nobodyCompletesBeforeAllIsFinished() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Message> holder =
                TestSubscriber.builder().initialRequest(1).build();
        nodes.subscribe(queue).leases().subscribe(holder);
        awaitSubscribers(publication, 1);
        send(publication, 0, 1);
        until(holder, 1);
        TestSubscriber<Long> other = member(queue, Long.MAX_VALUE);
        awaitSubscribers(publication, 2);
        send(publication, 1, 2);
        complete(publication);
        until(other, 1);
        holder.cancel();
        Mono.delay(Duration.ofMillis(300)).block(); // long enough for its poll loop to have looked
        assertThat(other.isTerminated()).isFalse();
        holder.getReceivedOnNext().get(0).giveBack();
        other.block(TwoNodes.PATIENCE);
        assertThat(other.getReceivedOnNext()).containsExactly(2L, -1L);
    }

    // ---- leases -----------------------------------------------------------------------------------------------------

    @Test
    void aMemberHoldsEightLeasesAndEachReleaseLetsOneMoreIn() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Message> member = TestSubscriber.create();
        nodes.subscribe(queue).leases().subscribe(member);
        awaitSubscribers(publication, 1);
        assertThat(fill(publication, 0)).isEqualTo(FULL);
        until(member, 8);
        Mono.delay(Duration.ofMillis(150)).block();
        assertThat(member.getReceivedOnNext()).hasSize(8);
        member.getReceivedOnNext().get(5).release();
        until(member, 9);
        assertThat(publication.tryEmit(-1L).isSuccess()).isFalse();
        assertThat(member.getReceivedOnNext().get(0).buffer().getLong(0)).isZero();
        member.getReceivedOnNext().get(0).release();
        TwoNodes.until("room for one", () -> publication.tryEmit((long) FULL).isSuccess());
        complete(publication);
        TwoNodes.until("the end", () -> {
            member.getReceivedOnNext().forEach(Message::release);
            return member.isTerminated();
        });
        assertThat(member.getReceivedOnNext()).hasSize(FULL + 1);
        untilDetached(publication);
    }

    @Test
    void whatIsGivenBackComesAgainMarked() {
        IpcPublication<Long> publication = nodes.publish(queue);
        List<String> seen = nodes.subscribe(queue)
                .leases()
                .doOnSubscribe(s -> Schedulers.boundedElastic().schedule(() -> {
                    awaitSubscribers(publication, 1);
                    send(publication, 0, 3);
                    complete(publication);
                }))
                .map(message -> {
                    String text = message.buffer().getLong(0) + (message.isRedelivered() ? " again" : "");
                    if (message.isRedelivered()) {
                        message.release();
                    } else {
                        message.giveBack();
                    }
                    return text;
                })
                .collectList()
                .block(TwoNodes.PATIENCE);
        assertThat(seen).containsExactlyInAnyOrder("0", "1", "2", "0 again", "1 again", "2 again");
    }

    /**
     * An operator that discards what it had queued gives it back. On the immediate scheduler: on others {@code publishOn} forgets
     * its queue if it is cancelled while its task waits for a thread (reactor-core issue 4396, in 3.8.7), and {@link
     * #forgottenLeasesAreGivenBack} is what counts.
     */
    @Test
    void whatAnOperatorDiscardsIsGivenBack() {
        IpcPublication<Long> publication = nodes.publish(queue);
        TestSubscriber<Message> first =
                TestSubscriber.builder().initialRequest(1).build();
        nodes.subscribe(queue)
                .leases()
                .hide()
                .publishOn(Schedulers.immediate(), 8)
                .doOnDiscard(Message.class, Message::giveBack)
                .subscribe(first);
        awaitSubscribers(publication, 1);
        send(publication, 0, 6);
        until(first, 1);
        TestSubscriber<Long> other = member(queue, 0);
        awaitSubscribers(publication, 2);
        first.getReceivedOnNext().get(0).release();
        first.cancel();
        other.request(Long.MAX_VALUE);
        until(other, 5);
        complete(publication);
        other.block(TwoNodes.PATIENCE);
        assertThat(other.getReceivedOnNext().stream().map(Math::abs)).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void forgottenLeasesAreGivenBack() {
        IpcPublication<Long> publication = nodes.publish(queue);
        CompletableFuture<Long> again = nodes.subscribe(queue)
                .leases()
                .filter(Message::isRedelivered)
                .map(message -> {
                    try (message) {
                        return message.buffer().getLong(0);
                    }
                })
                .next()
                .toFuture();
        awaitSubscribers(publication, 1);
        send(publication, 7, 8);
        TwoNodes.until("it is collected, and comes again", () -> {
            System.gc();
            return again.isDone();
        });
        assertThat(result(again)).isEqualTo(7);
    }

    // ---- what does not go together ----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"OVERWRITE_OLDEST", "EVICT_SLOW"})
    void whatMayBeOverwrittenIsNoQueue(String overflow) {
        nodes.publish(numbers.overflow(
                overflow.equals("EVICT_SLOW") ? Overflow.evictSlow(Duration.ofSeconds(1)) : Overflow.OVERWRITE_OLDEST));
        assertThatThrownBy(() -> nodes.subscribe(queue).receive().blockFirst(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_STREAM))
                .hasMessageContaining("QUEUE:workers")
                .hasMessageContaining(overflow)
                .hasMessageContaining("WAIT or FAIL");
    }

    @Test
    void badNamesAndChoicesAreRefused() {
        assertThatThrownBy(() -> Delivery.queue("")).hasMessageContaining("queue group must be 1 to 255 bytes");
        assertThatThrownBy(() -> Delivery.queue("a/b")).hasMessageContaining("queue group must not");
        assertThatThrownBy(Delivery.LATEST::atMostOnce).hasMessageContaining("LATEST");
        assertThatThrownBy(() -> Delivery.valueOf("queue")).hasMessageContaining("queue:<group>");
        assertThat(Delivery.valueOf("queue-at-most-once:a"))
                .isEqualTo(Delivery.queue("a").atMostOnce());
        assertThat(Delivery.valueOf(Delivery.queue("a").atMostOnce().toString()))
                .isEqualTo(Delivery.queue("a").atMostOnce());
        assertThat(Delivery.valueOf("latest")).isEqualTo(Delivery.LATEST);
        assertThatThrownBy(() -> nodes.subscribe(queue.gap(Gap.SKIP_TO_LATEST))).hasMessageContaining("no gaps");
    }

    @Test
    void aPublicationServesSixteenGroupsInItsLife() {
        nodes.publish(numbers);
        for (int i = 0; i < 16; i++) {
            nodes.subscribe(numbers.delivery(Delivery.queue("group " + i)).start(Start.OLDEST))
                    .receive()
                    .subscribe()
                    .dispose();
        }
        assertThatThrownBy(() -> nodes.subscribe(numbers.delivery(Delivery.queue("one too many")))
                        .receive()
                        .blockFirst(TwoNodes.PATIENCE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_SUBSCRIBERS))
                .hasMessageContaining("one too many")
                .hasMessageContaining("16 groups");
    }
}
