package io.reactiveipc.uds.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler on a machine whose wall clock somebody sets; its monotonic clock, asked for in nanoseconds, goes on. */
final class SteppedClock implements Scheduler {
    private final Scheduler scheduler;
    Duration step = Duration.ZERO;

    SteppedClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public long now(TimeUnit unit) {
        long now = scheduler.now(unit);
        return unit.compareTo(TimeUnit.MILLISECONDS) >= 0 ? now + unit.convert(step) : now;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return scheduler.schedule(task, delay, unit);
    }

    @Override
    public Worker createWorker() {
        return scheduler.createWorker();
    }
}
