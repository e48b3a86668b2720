package io.reactiveipc.examples;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.StreamSpec;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Receives from whoever sends, prints each message with a counter and what it hears of its peers, until Ctrl+C. */
final class EventReceiver {
    private EventReceiver() {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments = Arguments.parse(words, Set.of("--stream", "--directory", Waiting.OPTION), 0);
        StreamSpec<String> stream = EventSender.stream(arguments);
        PrintStream out = terminal.out();
        // The node's default is a heartbeat every 500 ms.
        try (IpcNode node = Examples.node("event-receiver", arguments)) {
            Shutdown.run(node::close);
            IpcSubscription<String> subscription = node.subscribe(stream).block();
            AtomicLong counter = new AtomicLong();
            Flux<String> messages = subscription
                    .receive()
                    .publishOn(Schedulers.boundedElastic())
                    .doOnNext(text -> out.println("message " + counter.incrementAndGet() + ": " + text))
                    .doOnComplete(() -> out.println("the sender has sent all; ready for the next one (Ctrl+C ends)"))
                    // a sender that dies is no reason to stop: the next one is received as well
                    .retryWhen(Retry.indefinitely()
                            .filter(PublisherLostException.class::isInstance)
                            .doBeforeRetry(lost -> out.println(lost.failure().getMessage())))
                    .repeat();
            subscription.events().subscribe(event -> out.println(told(event)), error -> terminal.err()
                    .println(error.getMessage()));
            out.println("ready on stream \"" + stream.name() + "\", with a heartbeat every 500 ms");
            messages.blockLast();
            return Examples.OK;
        }
    }

    static String told(PeerEvent event) {
        String name = event.peer().name() + " (pid " + event.peer().pid() + ")";
        if (event instanceof PeerEvent.Heartbeat heartbeat) {
            return "  heartbeat " + heartbeat.sequence() + " of " + name + ", round trip "
                    + heartbeat.roundTrip().toNanos() / 1_000 + " µs";
        }
        if (event instanceof PeerEvent.Crashed crashed) {
            return "  crashed: " + name + ", " + crashed.evidence();
        }
        if (event instanceof PeerEvent.NotReady notReady) {
            return "  not ready: " + name + ", " + notReady.reason();
        }
        if (event instanceof PeerEvent.Left left) {
            return "  left: " + name + ", " + left.reason();
        }
        return "  " + event.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ": " + name;
    }
}
