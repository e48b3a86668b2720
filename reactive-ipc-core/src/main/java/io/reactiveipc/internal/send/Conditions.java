package io.reactiveipc.internal.send;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** What is waited for without a message to write: subscribers to come, or to have read. The poll loop looks. */
final class Conditions {
    /** @param afterEnd whether it may still be met when the stream has ended */
    private record Condition(BooleanSupplier met, boolean afterEnd, MonoSink<Void> sink) {}

    private final WriterQueue<?> publication;
    private final List<Condition> conditions = new CopyOnWriteArrayList<>();

    Conditions(WriterQueue<?> publication) {
        this.publication = publication;
    }

    /**
     * Completes once a condition is met, and fails when it no longer can be.
     *
     * @param afterEnd whether it may still be met when the stream has ended
     */
    Mono<Void> await(BooleanSupplier met, boolean afterEnd) {
        return Mono.create(sink -> {
            if (met.getAsBoolean()) {
                sink.success();
            } else if (publication.isDisposing() || (publication.hasEnded() && !afterEnd)) {
                sink.error(publication.closed());
            } else {
                Condition condition = new Condition(met, afterEnd, sink);
                conditions.add(condition);
                sink.onDispose(() -> conditions.remove(condition));
                publication.visit();
            }
        });
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    boolean isAnyMet() {
        return conditions.stream().anyMatch(condition -> condition.met.getAsBoolean());
    }

    /** Tells whoever has waited long enough, or in vain; returns how many conditions were met. */
    int check() {
        int met = 0;
        for (Condition condition : conditions) {
            if (condition.met.getAsBoolean()) {
                conditions.remove(condition);
                condition.sink.success();
                met++;
            } else if (publication.hasEnded() && !condition.afterEnd) {
                conditions.remove(condition);
                condition.sink.error(publication.closed());
            }
        }
        return met;
    }

    /** Nobody looks any more. */
    void refuse() {
        for (Condition condition : conditions) {
            conditions.remove(condition);
            condition.sink.error(publication.closed());
        }
    }
}
