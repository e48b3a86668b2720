package io.reactiveipc.examples;

import io.reactiveipc.Gap;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Start;
import io.reactiveipc.StreamSpec;
import java.util.List;
import java.util.Set;
import reactor.core.scheduler.Schedulers;

/** Comes late, gets the last ticks there were, and then each one; says so if it was too slow for some. */
final class Latecomer {
    private Latecomer() {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments =
                Arguments.parse(words, Set.of("--stream", "--directory", "--last", "--count", Waiting.OPTION), 0);
        int last = arguments.number("--last", 1, Ticker.HISTORY, 10);
        int count = arguments.number("--count", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        StreamSpec<String> stream =
                Ticker.stream(arguments).start(Start.last(last)).gap(Gap.SKIP_TO_OLDEST);
        try (IpcNode node = Examples.node("latecomer", arguments)) {
            Shutdown.run(node::close);
            IpcSubscription<String> subscription = node.subscribe(stream).block();
            subscription.awaitReady().block(); // the last ticks are those of the tickers there are
            subscription
                    .receive()
                    .publishOn(Schedulers.boundedElastic()) // printing may block, and the poll loop must not
                    .take(count)
                    .doOnNext(tick -> terminal.out().println("got " + tick))
                    .blockLast();
            terminal.out().println("missed " + subscription.lost());
            return Examples.OK;
        }
    }
}
