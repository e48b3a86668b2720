package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

public abstract class LeaseContract extends DataPlaneContract {
    private static String kind(Message message) {
        return message.toString().contains("leased") ? "leased" : "copied";
    }

    /** Each collection is given time for what follows from it before the next one stops the world again. */
    private static void untilCollected(BooleanSupplier condition) {
        AtomicLong collected = new AtomicLong(System.nanoTime());
        System.gc();
        TwoNodes.until("garbage is collected", () -> {
            if (System.nanoTime() - collected.get() > 500_000_000) {
                System.gc();
                collected.set(System.nanoTime());
            }
            return condition.getAsBoolean();
        });
    }

    private TestSubscriber<Message> subscribe(StreamSpec<Long> spec, IpcPublication<Long> publication) {
        TestSubscriber<Message> subscriber = TestSubscriber.create();
        nodes.subscribe(spec).leases().subscribe(subscriber);
        awaitSubscribers(publication, 1);
        return subscriber;
    }

    private static List<Message> await(TestSubscriber<Message> subscriber, int count) {
        TwoNodes.until(count + " messages", () -> subscriber.getReceivedOnNext().size() >= count);
        return subscriber.getReceivedOnNext();
    }

    @Test
    void aLeaseStaysReadableUntilReleasedAndIsOverAfterwards() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers, publication);
        send(publication, 0, 1);
        Message message = await(subscriber, 1).get(0);
        DirectBuffer buffer = message.buffer();
        fill(publication, 1);

        assertThat(kind(message)).isEqualTo("leased");
        assertThat(buffer.getLong(0)).isZero();
        assertThat(message.toByteArray()).hasSize(8);
        message.release();
        message.release();

        assertThatThrownBy(message::buffer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("released");
        assertThatThrownBy(() -> buffer.getLong(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(message::toByteArray).isInstanceOf(IllegalStateException.class);
        subscriber.cancel();
        subscriber.getReceivedOnNext().forEach(Message::release);
    }

    @Test
    void leasesHoldThePublisherBackAndTheirReleaseInAnyOrderLetsItGoOn() {
        IpcPublication<Long> publication = nodes.publish(numbers.maxLeases(FULL));
        TestSubscriber<Message> subscriber = subscribe(numbers.maxLeases(FULL), publication);
        assertThat(fill(publication, 0)).isEqualTo(FULL);
        List<Message> messages = new ArrayList<>(await(subscriber, FULL));
        assertThat(publication.tryEmit(-1L).isSuccess()).isFalse();

        Message oldest = messages.remove(0);
        Collections.shuffle(messages, new Random(1));
        messages.forEach(Message::release);
        assertThat(publication.tryEmit(-1L).isSuccess()).isFalse();
        oldest.release();

        TwoNodes.until("room", () -> publication.freeBytes() == CAPACITY - 2048 - 32); // the latest is kept
        publication.drained().block(TwoNodes.PATIENCE); // what is kept hides whether the latest was given back, too
        assertThat(fill(publication, 0)).isEqualTo(FULL);
        subscriber.cancel();
        TwoNodes.until("the rest is released", () -> {
            subscriber.getReceivedOnNext().forEach(Message::release);
            return publication.subscriberCount() == 0;
        });
    }

    @Test
    void releasingOneLeaseTwiceDoesNotGiveBackAnother() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers.maxLeases(2), publication);
        send(publication, 0, 2);
        List<Message> messages = await(subscriber, 2);
        messages.get(0).release();
        messages.get(0).release();
        send(publication, 2, 4);

        assertThat(kind(await(subscriber, 4).get(2))).isEqualTo("leased");
        assertThat(kind(await(subscriber, 4).get(3))).isEqualTo("copied");
        assertThat(messages.get(1).buffer().getLong(0)).isEqualTo(1);
        messages.forEach(Message::release);
    }

    @Test
    void beyondTheCapMessagesAreCopies() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers.maxLeases(3), publication);
        send(publication, 0, 10);
        List<Message> messages = await(subscriber, 10);

        assertThat(messages.subList(0, 3)).allMatch(message -> kind(message).equals("leased"));
        assertThat(messages.subList(3, 10)).allMatch(message -> kind(message).equals("copied"));
        assertThat(messages).map(message -> message.buffer().getLong(0)).isEqualTo(list(0, 10));
        messages.get(1).release();
        send(publication, 10, 11);
        assertThat(kind(await(subscriber, 11).get(10))).isEqualTo("leased");
        messages.forEach(Message::release);
    }

    @Test
    void leasesNeverHoldMoreThanHalfOfTheRing() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers.maxLeases(FULL), publication);
        fill(publication, 0);
        List<Message> messages = await(subscriber, FULL);

        assertThat(messages.stream().filter(message -> kind(message).equals("leased")))
                .hasSizeBetween(CAPACITY / 2 / 32 - 1, CAPACITY / 2 / 32 + 1);
        assertThat(kind(messages.get(FULL - 1))).isEqualTo("copied");
        messages.forEach(Message::release);
    }

    @Test
    void withoutLeasesAllMessagesAreCopies() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers.maxLeases(0), publication);
        send(publication, 0, 3L * FULL);
        assertThat(await(subscriber, 3 * FULL))
                .map(message -> message.buffer().getLong(0))
                .isEqualTo(list(0, 3L * FULL));
    }

    @Test
    void afterACancelTheSlotIsFreeWithTheLastLease() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        TestSubscriber<Message> subscriber = subscribe(numbers, publication);
        send(publication, 0, 3);
        List<Message> messages = await(subscriber, 3);
        messages.get(0).release();
        subscriber.cancel();
        long written = fill(publication, 3);

        assertThat(publication.subscriberCount()).isOne();
        assertThat(messages.get(1).buffer().getLong(0)).isEqualTo(1);
        messages.get(2).release();
        assertThat(publication.subscriberCount()).isOne();
        assertThat(messages.get(1).buffer().getLong(0)).isEqualTo(1);
        messages.get(1).release();

        untilDetached(publication);
        assertThat(written).isLessThanOrEqualTo(FULL + 1);
        send(publication, 0, 3L * FULL);
    }

    @Test
    void whatIsDiscardedDownstreamIsReleased() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        List<Long> kept = Collections.synchronizedList(new ArrayList<>());
        nodes.subscribe(numbers)
                .leases()
                .filter(message -> message.sequence() % 3 == 0)
                .publishOn(Schedulers.parallel(), 16)
                .doOnNext(message -> {
                    kept.add(message.buffer().getLong(0));
                    message.release();
                })
                .take(FULL)
                .doOnDiscard(Message.class, Message::release)
                .subscribe();
        awaitSubscribers(publication, 1);
        send(publication, 0, 3L * FULL);

        untilDetached(publication);
        assertThat(kept).hasSize(FULL).isSorted();
    }

    @Test
    void aForgottenLeaseIsGivenBackWhenItIsCollected() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        nodes.subscribe(numbers).leases().take(5).subscribe();
        awaitSubscribers(publication, 1);
        send(publication, 0, 5);
        untilCollected(() -> publication.subscriberCount() == 0);
    }

    @Test
    void aBufferThatIsStillHeldKeepsItsLeaseWhenTheMessageIsForgotten() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        List<DirectBuffer> buffers = Collections.synchronizedList(new ArrayList<>());
        Flux<Message> leases = nodes.subscribe(numbers).leases();
        leases.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Message message) {
                if (message.sequence() == 1) {
                    buffers.add(message.buffer());
                }
            }
        });
        awaitSubscribers(publication, 1);
        send(publication, 0, 2);
        untilCollected(() -> publication.freeBytes() == CAPACITY - 2048 - 32); // all but the buffer that is held
        System.gc();
        fill(publication, 100);
        assertThat(buffers.get(0).getLong(0)).isEqualTo(1);
    }
}
