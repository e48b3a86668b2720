package io.reactiveipc.contract;

import io.reactiveipc.PeerEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Collects events, and waits for them. */
final class EventLog implements AutoCloseable {
    private final List<PeerEvent> events = new CopyOnWriteArrayList<>();
    private final Disposable subscription;
    private volatile boolean completed;

    EventLog(Flux<PeerEvent> source) {
        subscription = source.subscribe(events::add, error -> {}, () -> completed = true);
    }

    /** All but the heartbeats. */
    List<PeerEvent> changes() {
        return events.stream()
                .filter(event -> !(event instanceof PeerEvent.Heartbeat))
                .toList();
    }

    <E extends PeerEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends PeerEvent> E await(Class<E> type) {
        return await(type, event -> true);
    }

    <E extends PeerEvent> E await(Class<E> type, Predicate<? super E> condition) {
        TwoNodes.until(type.getSimpleName(), () -> all(type).stream().anyMatch(condition));
        return all(type).stream().filter(condition).findFirst().orElseThrow();
    }

    void awaitComplete() {
        TwoNodes.until("completion", () -> completed);
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
