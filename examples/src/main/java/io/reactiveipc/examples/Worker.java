package io.reactiveipc.examples;

import io.reactiveipc.Delivery;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * One of several workers that share the jobs: each job goes to one of them. A job is finished when its lease is released; those of
 * a worker that is killed before go to another one.
 */
final class Worker {
    private Worker() {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments =
                Arguments.parse(words, Set.of("--stream", "--directory", "--every", "--parallel", Waiting.OPTION), 0);
        StreamSpec<String> stream = Jobs.stream(arguments).delivery(Delivery.queue("workers"));
        Duration every = Duration.ofMillis(arguments.number("--every", 1, 60_000, 20));
        int parallel = arguments.number("--parallel", 1, 8, 2);
        try (IpcNode node = Examples.node("worker", arguments)) {
            Shutdown.run(node::close);
            IpcSubscription<String> subscription = node.subscribe(stream).block();
            subscription
                    .leases()
                    .flatMap(job -> work(job, every, terminal), parallel)
                    .doOnDiscard(Message.class, Message::giveBack) // what flatMap was cancelled with is for others
                    .blockLast();
            return Examples.OK;
        }
    }

    /**
     * Takes its time without a thread, and finishes the job when its result is out: a worker that is killed in between has its
     * job done again, where the other way round its result would be missing.
     */
    private static Mono<Void> work(Message job, Duration time, Terminal terminal) {
        return Mono.delay(time)
                .doOnNext(tick -> {
                    try (job) {
                        String what = new String(job.toByteArray(), StandardCharsets.UTF_8);
                        terminal.out().println("did " + what + (job.isRedelivered() ? " again" : ""));
                    }
                })
                .then();
    }
}
