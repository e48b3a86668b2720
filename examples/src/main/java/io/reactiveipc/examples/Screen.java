package io.reactiveipc.examples;

import io.reactiveipc.Delivery;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Start;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A slow screen: shows the newest tick, waits, shows the newest one by then. What it leaves out costs nobody anything. */
final class Screen {
    private Screen() {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments =
                Arguments.parse(words, Set.of("--stream", "--directory", "--every", "--count", Waiting.OPTION), 0);
        StreamSpec<String> stream =
                Ticker.stream(arguments).delivery(Delivery.LATEST).start(Start.LATEST);
        Duration every = Duration.ofMillis(arguments.number("--every", 1, 60_000, 1000));
        int count = arguments.number("--count", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        try (IpcNode node = Examples.node("screen", arguments)) {
            Shutdown.run(node::close);
            IpcSubscription<String> subscription = node.subscribe(stream).block();
            subscription
                    .receive()
                    .take(count)
                    .doOnNext(tick -> terminal.out().println("shows " + tick))
                    .concatMap(
                            tick -> Mono.delay(every), 0) // asks for the next one when the time is over, and not before
                    .blockLast();
            return Examples.OK;
        }
    }
}
