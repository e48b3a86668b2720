package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;

/** Hands out numbered jobs, waits until all are done, ends. Goes on only as fast as its workers. */
final class Jobs {
    private Jobs() {}

    /** A small ring: a hundred jobs or two wait in it, and no more. */
    static StreamSpec<String> stream(Arguments arguments) {
        try {
            return StreamSpec.of(arguments.text("--stream").orElse("jobs"), Codec.utf8())
                    .capacity(64 * 1024);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stream: " + e.getMessage());
        }
    }

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments = Arguments.parse(
                words, Set.of("--stream", "--directory", "--every", "--count", "--workers", Waiting.OPTION), 0);
        StreamSpec<String> stream = stream(arguments);
        Duration every = Duration.ofMillis(arguments.number("--every", 1, 60_000, 10));
        int count = arguments.number("--count", 1, Integer.MAX_VALUE, 1000);
        int workers = arguments.number("--workers", 0, 64, 1);
        try (IpcNode node = Examples.node("jobs", arguments)) {
            Shutdown.run(node::close);
            IpcPublication<String> publication = node.publish(stream).block();
            terminal.out().println("waiting for " + workers + " workers");
            publication
                    .awaitSubscribers(workers)
                    .thenMany(publication.send(Flux.interval(every)
                            .onBackpressureBuffer(count)
                            .take(count)
                            .map(number -> "job " + number)))
                    .then(publication.complete())
                    .then(publication.drained())
                    .block();
            terminal.out().println("all " + count + " are done");
            return Examples.OK;
        }
    }
}
