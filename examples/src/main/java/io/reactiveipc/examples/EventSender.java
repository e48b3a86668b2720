package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;

/** Waits until a receiver is ready, sends 15 time-stamped messages and ends. */
final class EventSender {
    private static final int MESSAGES = 15;

    private EventSender() {}

    static StreamSpec<String> stream(Arguments arguments) {
        try {
            return StreamSpec.of(arguments.text("--stream").orElse("events"), Codec.utf8());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stream: " + e.getMessage());
        }
    }

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments =
                Arguments.parse(words, Set.of("--stream", "--directory", "--interval", Waiting.OPTION), 0);
        StreamSpec<String> stream = stream(arguments);
        Duration interval = Duration.ofMillis(arguments.number("--interval", 1, 60_000, 300));
        PrintStream out = terminal.out();
        try (IpcNode node = Examples.node("event-sender", arguments)) {
            Shutdown.run(node::close);
            IpcPublication<String> publication = node.publish(stream).block();
            out.println("waiting for a receiver; start one with: java -jar examples.jar event-receiver");
            PeerEvent.Ready ready =
                    publication.events().ofType(PeerEvent.Ready.class).next().block();
            out.println("receiver ready: " + ready.peer());
            publication
                    .send(Flux.interval(interval)
                            .take(MESSAGES)
                            .map(i -> "message " + (i + 1) + " of " + MESSAGES + ", sent at "
                                    + LocalTime.now().truncatedTo(ChronoUnit.MILLIS))
                            .doOnNext(text -> out.println("sending " + text)))
                    .then(publication.complete())
                    .then(publication.drained())
                    .block();
            out.println("all sent and taken");
            return Examples.OK;
        }
    }
}
