package io.reactiveipc.contract;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

/**
 * What holds between two nodes on any transport: a part of it for each part of the API extends this. The rings are small, so that a
 * few thousand messages wrap them. A transport runs a part by extending it and saying what its nodes share.
 */
@Timeout(120)
public abstract class DataPlaneContract {
    static final int CAPACITY = 64 * 1024;

    /** Numbers that fit in the ring at once: 32 bytes each, and 2 KiB are kept for the end. */
    static final int FULL = (CAPACITY - 2048) / 32;

    final StreamSpec<Long> numbers =
            StreamSpec.of("numbers", LongCodec.INSTANCE).capacity(CAPACITY);
    final StreamSpec<byte[]> blobs = StreamSpec.of("blobs", Codec.bytes()).capacity(CAPACITY);

    Transport transport;
    TwoNodes nodes;

    /** For one test, which closes it. */
    protected abstract Transport open();

    @BeforeEach
    void openNodes() {
        transport = open();
        nodes = TwoNodes.on(transport);
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
        transport.close();
        Hooks.resetOnErrorDropped();
    }

    /** As {@code join}, but bounded and interruptible. */
    static <V> V result(Future<V> future) {
        try {
            return future.get(TwoNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result", e);
        }
    }

    static Flux<Long> longs(long from, long to) {
        return Flux.fromStream(() -> LongStream.range(from, to).boxed());
    }

    static List<Long> list(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    static void awaitSubscribers(IpcPublication<?> publication, int count) {
        publication.awaitSubscribers(count).block(TwoNodes.PATIENCE);
    }

    static void send(IpcPublication<Long> publication, long from, long to) {
        publication.send(longs(from, to)).block(TwoNodes.PATIENCE);
    }

    static void complete(IpcPublication<?> publication) {
        publication.complete().block(TwoNodes.PATIENCE);
    }

    static void untilDetached(IpcPublication<?> publication) {
        TwoNodes.until("the slots are free", () -> publication.subscriberCount() == 0);
    }

    /** Fills the ring with numbers from the one given, and returns the first that found no room. */
    static long fill(IpcPublication<Long> publication, long from) {
        long next = from;
        while (publication.tryEmit(next).isSuccess()) {
            next++;
        }
        return next;
    }

    /** The four ways to receive, as numbers. */
    enum Way {
        DECODED {
            @Override
            Flux<Long> of(IpcSubscription<Long> subscription) {
                return subscription.receive();
            }
        },
        MAPPED {
            @Override
            Flux<Long> of(IpcSubscription<Long> subscription) {
                return subscription.receive(message -> message.buffer().getLong(0));
            }
        },
        COPIED {
            @Override
            Flux<Long> of(IpcSubscription<Long> subscription) {
                return subscription.messages().map(message -> message.buffer().getLong(0));
            }
        },
        LEASED {
            @Override
            Flux<Long> of(IpcSubscription<Long> subscription) {
                return subscription.leases().map(message -> {
                    try (message) {
                        return message.buffer().getLong(0);
                    }
                });
            }
        };

        abstract Flux<Long> of(IpcSubscription<Long> subscription);
    }
}
