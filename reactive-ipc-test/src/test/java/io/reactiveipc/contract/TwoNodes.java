package io.reactiveipc.contract;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A node that publishes and a node that subscribes. */
public final class TwoNodes implements AutoCloseable {
    /** How long a test waits for what must happen. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final IpcNode sender;
    private final IpcNode receiver;

    private TwoNodes(IpcNode sender, IpcNode receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    public static TwoNodes on(Transport transport) {
        return new TwoNodes(
                transport.node("sender").build(), transport.node("receiver").build());
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
    static void until(String what, BooleanSupplier condition) {
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
