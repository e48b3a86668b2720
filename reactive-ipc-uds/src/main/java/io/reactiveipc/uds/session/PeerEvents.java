package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Tells any number of subscribers what holds now and then what happens. All events are emitted on the control executor, so
 * that a subscriber who is added there misses nothing and gets nothing twice.
 */
final class PeerEvents extends Flux<PeerEvent> {
    private final Timers timers;
    private final Supplier<List<PeerEvent>> current;
    private final List<Listener> listeners = new ArrayList<>();
    private boolean completed;

    PeerEvents(Timers timers, Supplier<List<PeerEvent>> current) {
        this.timers = timers;
        this.current = current;
    }

    /** On the control executor. */
    void emit(PeerEvent event) {
        for (Listener listener : List.copyOf(listeners)) {
            listener.push(event);
        }
    }

    /** On the control executor. */
    void complete() {
        completed = true;
        listeners.forEach(Listener::complete);
        listeners.clear();
    }

    @Override
    public void subscribe(CoreSubscriber<? super PeerEvent> actual) {
        Listener listener = new Listener(this, actual);
        actual.onSubscribe(listener);
        if (!timers.execute(() -> add(listener))) {
            listener.complete();
        }
    }

    private void add(Listener listener) {
        if (completed) {
            listener.complete();
        } else if (!listener.cancelled) {
            listeners.add(listener);
            current.get().forEach(listener::push);
        }
    }

    /** One subscriber. State changes queue up without bound; of the heartbeats between two of them only the latest stays. */
    private static final class Listener implements Subscription, Scannable {
        private static final AtomicIntegerFieldUpdater<Listener> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Listener.class, "wip");
        private static final AtomicLongFieldUpdater<Listener> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Listener.class, "requested");

        private final PeerEvents parent;
        private final CoreSubscriber<? super PeerEvent> actual;
        /** Events, and places where a peer's latest heartbeat is to be found. */
        private final Queue<Object> queue = Queues.unbounded().get();
        /** Where a peer's next heartbeat goes while the last one has not been taken. Touched on the control executor only. */
        private final Map<UUID, AtomicReference<@Nullable PeerEvent>> heartbeats = new HashMap<>();

        private volatile int wip;
        private volatile long requested;
        private volatile boolean cancelled;
        private volatile boolean done;

        Listener(PeerEvents parent, CoreSubscriber<? super PeerEvent> actual) {
            this.parent = parent;
            this.actual = actual;
        }

        void push(PeerEvent event) {
            UUID node = event.peer().node();
            if (event instanceof PeerEvent.Heartbeat) {
                AtomicReference<@Nullable PeerEvent> place =
                        heartbeats.computeIfAbsent(node, n -> new AtomicReference<>());
                if (place.getAndSet(event) == null) {
                    queue.offer(place);
                }
            } else {
                // A heartbeat after this event must not take the place of one before it.
                heartbeats.remove(node);
                queue.offer(event);
            }
            drain();
        }

        void complete() {
            done = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            parent.timers.execute(() -> parent.listeners.remove(this));
            drain();
        }

        private void drain() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                drainLoop();
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void drainLoop() {
            long emitted = 0;
            long demand = requested;
            while (!cancelled) {
                boolean last = done;
                if (queue.isEmpty()) {
                    if (last) {
                        cancelled = true;
                        actual.onComplete();
                    }
                    break;
                }
                if (emitted == demand) {
                    break;
                }
                actual.onNext(taken(queue.poll()));
                emitted++;
            }
            if (cancelled) {
                queue.clear();
            }
            Operators.produced(REQUESTED, this, emitted);
        }

        @SuppressWarnings("unchecked")
        private static PeerEvent taken(@Nullable Object queued) {
            return queued instanceof AtomicReference<?> place
                    ? ((AtomicReference<PeerEvent>) place).getAndSet(null)
                    : (PeerEvent) Objects.requireNonNull(queued);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.TERMINATED) {
                return done;
            }
            if (key == Attr.BUFFERED) {
                return queue.size();
            }
            return key == Attr.REQUESTED_FROM_DOWNSTREAM ? requested : null;
        }
    }
}
