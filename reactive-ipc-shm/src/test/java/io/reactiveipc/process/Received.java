package io.reactiveipc.process;

import io.reactiveipc.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** What a subscriber in the tests' own JVM got: checked byte by byte, and how it ended. Requests nothing by itself. */
final class Received extends BaseSubscriber<Long> {
    private final Ledger ledger;
    private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

    /** @param length of each message */
    Received(int length) {
        this.ledger = new Ledger(length, length, length, false);
    }

    long enter(Message message) {
        return ledger.enter(message);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // later
    }

    @Override
    protected void hookOnComplete() {
        end.complete(null);
    }

    @Override
    protected void hookOnError(Throwable error) {
        end.complete(error);
    }

    long count() {
        return ledger.count();
    }

    boolean isOver() {
        return end.isDone();
    }

    /** Waits for the end: null for a completion, else the error. */
    @Nullable
    Throwable end() {
        try {
            return end.get(Survivor.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no end after " + count() + " messages", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
