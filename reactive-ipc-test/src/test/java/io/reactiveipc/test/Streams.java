package io.reactiveipc.test;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Short words for what every test does. */
final class Streams {
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final StreamSpec<String> WORDS = StreamSpec.of("words", Codec.utf8()).capacity(64 * 1024);

    private Streams() {}

    static <T> IpcPublication<T> publish(IpcNode node, StreamSpec<T> spec) {
        return Objects.requireNonNull(node.publish(spec).block(PATIENCE));
    }

    static <T> IpcSubscription<T> subscribe(IpcNode node, StreamSpec<T> spec) {
        return Objects.requireNonNull(node.subscribe(spec).block(PATIENCE));
    }

    static void awaitSubscribers(IpcPublication<?> publication, int count) {
        publication.awaitSubscribers(count).block(PATIENCE);
    }

    /** Yields until the condition holds, or fails. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.yield();
        }
    }
}
