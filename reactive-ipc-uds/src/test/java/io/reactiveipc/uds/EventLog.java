package io.reactiveipc.uds;

import io.reactiveipc.PeerEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Collects events and waits for them, up to the watchdog of the test. */
final class EventLog implements AutoCloseable {
    private final List<PeerEvent> events = new CopyOnWriteArrayList<>();
    private final Disposable subscription;
    private boolean completed;

    EventLog(Flux<PeerEvent> source) {
        subscription = source.subscribe(this::add, error -> {}, this::complete);
    }

    private synchronized void add(PeerEvent event) {
        events.add(event);
        notifyAll();
    }

    private synchronized void complete() {
        completed = true;
        notifyAll();
    }

    List<PeerEvent> all() {
        return List.copyOf(events);
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

    <E extends PeerEvent> E await(Class<E> type) throws InterruptedException {
        return await(type, event -> true);
    }

    synchronized <E extends PeerEvent> E await(Class<E> type, Predicate<? super E> condition)
            throws InterruptedException {
        while (true) {
            for (PeerEvent event : events) {
                if (type.isInstance(event) && condition.test(type.cast(event))) {
                    return type.cast(event);
                }
            }
            awaitMore();
        }
    }

    private void awaitMore() throws InterruptedException {
        try {
            wait();
        } catch (InterruptedException e) {
            // The watchdog: what came instead is the only trace.
            System.err.println("still waiting; seen so far: " + events);
            throw e;
        }
    }

    synchronized void awaitCount(Class<? extends PeerEvent> type, int count) throws InterruptedException {
        while (all(type).size() < count) {
            awaitMore();
        }
    }

    synchronized void awaitComplete() throws InterruptedException {
        while (!completed) {
            awaitMore();
        }
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
