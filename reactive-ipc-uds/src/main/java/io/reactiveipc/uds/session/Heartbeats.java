package io.reactiveipc.uds.session;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One timer for the questions to all peers, at the shortest interval that anybody asked for. */
final class Heartbeats {
    /** Shorter ones would be taken for a flood. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Timers timers;
    private final Supplier<? extends Collection<PeerSession>> sessions;
    private final Queue<Asked> intervals = new ConcurrentLinkedQueue<>();
    private Disposable timer = Disposables.disposed();
    private @Nullable Duration ticking;

    Heartbeats(Timers timers, Supplier<? extends Collection<PeerSession>> sessions) {
        this.timers = timers;
        this.sessions = sessions;
    }

    /** From any thread; so may the handle be used. */
    Disposable start(Duration interval) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("a heartbeat interval must be at least " + SHORTEST.toMillis() + " ms: "
                    + interval + "; to have none, dispose of the handle");
        }
        Asked asked = new Asked(interval);
        intervals.add(asked);
        timers.execute(this::retime);
        return Disposables.composite((Disposable) () -> {
            intervals.remove(asked);
            timers.execute(this::retime);
        });
    }

    boolean isOn() {
        return !intervals.isEmpty();
    }

    /** On the control executor. */
    void stop() {
        intervals.clear();
        retime();
    }

    private void retime() {
        Duration shortest = shortest();
        if (shortest == null || !shortest.equals(ticking)) {
            timer.dispose();
            ticking = shortest;
            if (shortest != null) {
                schedule(shortest);
            }
        }
    }

    private void schedule(Duration interval) {
        long dueAt = timers.nanos() + interval.toNanos();
        timer = timers.after(interval.toNanos(), () -> tick(interval, dueAt));
    }

    private void tick(Duration interval, long dueAt) {
        if (!interval.equals(shortest())) {
            retime();
            return;
        }
        long late = timers.nanos() - dueAt;
        for (PeerSession session : sessions.get()) {
            if (late > interval.toNanos()) {
                session.forgive(late);
            }
            session.beat(interval);
        }
        schedule(interval);
    }

    private @Nullable Duration shortest() {
        return intervals.stream().map(Asked::interval).min(Duration::compareTo).orElse(null);
    }

    /** A class and no record: two who ask for the same interval are two. */
    private static final class Asked {
        private final Duration interval;

        Asked(Duration interval) {
            this.interval = interval;
        }

        Duration interval() {
            return interval;
        }
    }
}
