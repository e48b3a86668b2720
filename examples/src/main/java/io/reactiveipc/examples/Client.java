package io.reactiveipc.examples;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Prints each line of the stream with its latency, from the publisher's commit to the first look at it here. */
final class Client {
    private Client() {}

    private record Line(String text, long latencyNanos) {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments = Arguments.parse(words, Set.of("--stream", "--directory", Waiting.OPTION), 0);
        StreamSpec<String> stream = Broadcaster.stream(arguments);
        PrintStream out = terminal.out();
        try (IpcNode node = Examples.node("client", arguments)) {
            Shutdown.run(node::close);
            IpcSubscription<String> subscription = node.subscribe(stream).block();
            out.println("waiting for a broadcaster of stream \"" + stream.name() + "\"…");
            Flux<Line> lines = subscription
                    .receive(message -> line(stream, message))
                    // unfused: the age is taken on the poll loop, and not after a hop to the thread that prints
                    .hide()
                    // printing may block, and the poll loop must not
                    .publishOn(Schedulers.boundedElastic())
                    .takeUntil(line -> line.text().equals(Broadcaster.EXIT))
                    .doOnNext(line -> out.println("latency: " + line.latencyNanos() + " ns - " + line.text()));
            // in this order: what is published after "connected" was printed is received
            CompletableFuture<Line> last = lines.takeLast(1).next().toFuture();
            subscription.awaitReady().subscribe(ready -> {}, error -> {}, () -> out.println("connected"));
            Line end = Mono.fromFuture(last).block();
            if (end == null || !end.text().equals(Broadcaster.EXIT)) {
                out.println("the broadcaster ended the stream");
            }
            return Examples.OK;
        }
    }

    private static Line line(StreamSpec<String> stream, Message message) {
        long latency = System.nanoTime() - message.timestampNanos();
        return new Line(stream.codec().decode(message.buffer(), message.length()), latency);
    }
}
