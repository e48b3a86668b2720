package io.reactiveipc.shm.bridge;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A node that publishes and a node that subscribes, on one directory. */
public final class TwoNodes implements AutoCloseable {
    /** How long a test waits for what must happen. */
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    private final IpcNode sender;
    private final IpcNode receiver;

    private TwoNodes(IpcNode sender, IpcNode receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    /** On a new directory within the parent. */
    public static TwoNodes in(Path parent) {
        Path directory = parent.resolve("rings");
        return new TwoNodes(node("sender", directory), node("receiver", directory));
    }

    private static IpcNode node(String name, Path directory) {
        return IpcNode.builder().name(name).directory(directory).build();
    }

    public IpcNode sender() {
        return sender;
    }

    public IpcNode receiver() {
        return receiver;
    }

    public <T> IpcPublication<T> publish(StreamSpec<T> spec) {
        return Objects.requireNonNull(sender.publish(spec).block(PATIENCE));
    }

    public <T> IpcSubscription<T> subscribe(StreamSpec<T> spec) {
        return Objects.requireNonNull(receiver.subscribe(spec).block(PATIENCE));
    }

    /** Yields until the condition holds, or fails. */
    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        receiver.close();
        sender.close();
    }
}
