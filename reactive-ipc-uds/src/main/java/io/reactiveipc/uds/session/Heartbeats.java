package io.reactiveipc.uds.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One timer for the questions to all peers, each at the shortest interval that anybody asked for. */
final class Heartbeats {
    /** Shorter ones would be taken for a flood. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** Who is to be asked within this part of an interval is asked at once, so that many peers wake this node once. */
    private static final int TOGETHER_FRACTION = 4;

    static final long NEVER = Long.MAX_VALUE;

    private final Timers timers;
    private final Supplier<? extends Collection<PeerSession>> sessions;
    private final List<Asked> intervals = new ArrayList<>(); // under the monitor
    private volatile @Nullable Duration shortest;
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
        change(() -> intervals.add(asked));
        timers.execute(this::retime);
        return Disposables.composite((Disposable) () -> {
            change(() -> intervals.remove(asked));
            timers.execute(this::retime);
        });
    }

    /** Null if nobody asked for any. */
    @Nullable
    Duration interval() {
        return shortest;
    }

    private synchronized void change(Runnable change) {
        change.run();
        shortest =
                intervals.stream().map(Asked::interval).min(Duration::compareTo).orElse(null);
    }

    /** There is somebody to ask at another time than before. On the control executor. */
    void reschedule() {
        if (ticking != null) {
            schedule(ticking);
        }
    }

    /** On the control executor. */
    void stop() {
        change(intervals::clear);
        retime();
    }

    private void retime() {
        Duration interval = interval();
        if (interval == null) {
            timer.dispose();
        } else if (!interval.equals(ticking)) {
            sessions.get().forEach(PeerSession::startRound);
            schedule(interval);
        }
        ticking = interval;
    }

    private void schedule(Duration interval) {
        timer.dispose();
        long earliest = NEVER;
        for (PeerSession session : sessions.get()) {
            earliest = Math.min(earliest, session.beatDueIn(interval));
        }
        if (earliest != NEVER) {
            long dueAt = timers.nanos() + earliest;
            timer = timers.after(Math.max(0, earliest), () -> tick(interval, dueAt));
        }
    }

    private void tick(Duration interval, long dueAt) {
        if (!interval.equals(interval())) {
            retime();
            return;
        }
        long late = timers.nanos() - dueAt;
        for (PeerSession session : sessions.get()) {
            if (late > interval.toNanos()) {
                session.forgive(late);
            }
            if (session.beatDueIn(interval) <= interval.toNanos() / TOGETHER_FRACTION) {
                session.beat(interval);
            }
        }
        schedule(interval);
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
