package io.reactiveipc.uds.session;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A clock, and its timers brought to the control executor. */
final class Timers {
    private final Scheduler scheduler;
    private final Executor executor;

    Timers(Scheduler scheduler, Executor executor) {
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /** Monotonic. */
    long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** For people. */
    Instant time() {
        return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    }

    /** Runs the action on the executor later. Disposed of there, it certainly does not run any more. */
    Disposable after(long nanos, Runnable action) {
        Disposable.Swap timer = Disposables.swap();
        Runnable hop = () -> execute(() -> {
            if (!timer.isDisposed()) {
                action.run();
            }
        });
        try {
            timer.update(scheduler.schedule(hop, nanos, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            // The scheduler ended before this node was closed: nothing is timed any more.
            timer.dispose();
        }
        return timer;
    }

    /** @return false if the executor has ended */
    boolean execute(Runnable action) {
        try {
            executor.execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
