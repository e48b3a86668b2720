package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Sinks;

/**
 * All ends of a stream are closed at once, by several threads, while others write and poll. The JVM lives, everything ends,
 * nothing is left. {@code -Dreactive.ipc.races=10000} runs as many rounds.
 */
@Timeout(3600)
class CloseRaceTest {
    private static final int ROUNDS = Integer.getInteger("reactive.ipc.races", 200);
    private static final StreamSpec<Long> SPEC =
            StreamSpec.of("raced", LongCodec.INSTANCE).capacity(65_536);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final Transport transport = Transport.directory();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        transport.close();
    }

    @Test
    void closingEverythingAtOnceEndsEverythingCleanly() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TwoNodes nodes = TwoNodes.on(transport);
            IpcPublication<Long> publication = nodes.publish(SPEC);
            IpcSubscription<Long> subscription = nodes.subscribe(SPEC);
            CompletableFuture<Void> ended = new CompletableFuture<>();
            subscription.receive().subscribe(value -> {}, ended::completeExceptionally, () -> ended.complete(null));
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<?>> running = new ArrayList<>();
            running.add(threads.submit(() -> {
                start.await();
                return write(publication);
            }));
            running.add(closing(start, nodes.sender(), publication::dispose, round));
            running.add(closing(start, nodes.receiver(), subscription::dispose, round >> 1));
            start.await();
            for (Future<?> future : running) {
                future.get(60, TimeUnit.SECONDS);
            }
            nodes.close();
            assertThat(ended.handle((ok, error) -> error == null || error instanceof IpcException)
                            .get(60, TimeUnit.SECONDS))
                    .as("round %d: %s", round, ended)
                    .isTrue();
        }
    }

    /** Until somebody closes it. */
    private static Void write(IpcPublication<Long> publication) {
        long value = 0;
        Sinks.EmitResult result;
        do {
            result = publication.tryEmit(value++);
        } while (result != Sinks.EmitResult.FAIL_TERMINATED && result != Sinks.EmitResult.FAIL_CANCELLED);
        return null;
    }

    /** The end first, or the node with all that is in it. */
    private Future<?> closing(CyclicBarrier start, IpcNode node, Runnable end, int how) {
        return threads.submit(() -> {
            start.await();
            if ((how & 1) == 0) {
                end.run();
            }
            node.close();
            return null;
        });
    }
}
