package io.reactiveipc.soak;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import reactor.core.publisher.Flux;

/** Receives one stream in one of the ways there are, checks each message and keeps the book. On the poll loop. */
final class Subscriber {
    private static final int MOST_LEASES = 20;

    private final SoakProcess process;
    private final SubscriberBook book;
    private final Numbers numbers = new Numbers(0);
    private final Deque<Message> leases = new ArrayDeque<>();

    private Subscriber(SoakProcess process, SubscriberBook book) {
        this.process = process;
        this.book = book;
    }

    /** Subscribes to all streams, to each in another way. */
    static void openAll(IpcNode node, SoakProcess process) {
        SubscriberBook book = SubscriberBook.open(process.books(), process.life());
        long way = process.life();
        for (String stream : Streams.NAMES) {
            Subscriber subscriber = new Subscriber(process, book);
            IpcSubscription<Long> subscription = process.got(node.subscribe(Streams.spec(stream, new Numbers(0))));
            subscriber.messages(subscription, (int) (way++ % 3)).subscribe(null, subscriber::failed);
        }
    }

    private Flux<?> messages(IpcSubscription<Long> subscription, int way) {
        return switch (way) {
            case 0 -> subscription.receive(this::check);
            case 1 -> subscription.messages().map(this::check);
            default -> subscription.leases().map(this::checkAndKeep);
        };
    }

    private boolean check(Message message) {
        String complaint = numbers.check(message, book);
        if (!complaint.isEmpty()) {
            process.say("violation", complaint);
        }
        return complaint.isEmpty();
    }

    private boolean checkAndKeep(Message lease) {
        boolean sound = check(lease);
        leases.add(lease);
        if (leases.size() > MOST_LEASES) {
            leases.remove().release();
        }
        return sound;
    }

    private void failed(Throwable error) {
        book.count(SubscriberBook.Count.ERRORS);
        process.say("violation", "a subscription failed: " + error);
    }
}
