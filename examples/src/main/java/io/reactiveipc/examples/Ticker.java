package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.Overflow;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Publishes a running number, whoever reads: nobody holds it up, because the oldest ticks make way. It keeps the last 100 for those
 * who come late.
 */
final class Ticker {
    static final int HISTORY = 100;

    private Ticker() {}

    static StreamSpec<String> stream(Arguments arguments) {
        try {
            return StreamSpec.of(arguments.text("--stream").orElse("ticks"), Codec.utf8())
                    .overflow(Overflow.OVERWRITE_OLDEST)
                    .history(HISTORY);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stream: " + e.getMessage());
        }
    }

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments =
                Arguments.parse(words, Set.of("--stream", "--directory", "--every", "--count", Waiting.OPTION), 0);
        StreamSpec<String> stream = stream(arguments);
        Duration every = Duration.ofMillis(arguments.number("--every", 1, 60_000, 10));
        int count = arguments.number("--count", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        try (IpcNode node = Examples.node("ticker", arguments)) {
            Shutdown.run(node::close);
            IpcPublication<String> publication = node.publish(stream).block();
            terminal.out().println("ticking on stream \"" + stream.name() + "\" every " + every.toMillis() + " ms");
            publication
                    .send(Flux.interval(every).onBackpressureDrop().take(count).map(i -> "tick " + i))
                    .then(publication.complete())
                    .block();
            terminal.out().println("ended");
            return Examples.OK;
        }
    }
}
