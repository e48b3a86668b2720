package io.reactiveipc.test;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler whose timers have done what they have to do when they return. */
record TimedScheduler(Scheduler scheduler, Mailbox mailbox) implements Scheduler {
    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(mailbox.timed(task));
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return scheduler.schedule(mailbox.timed(task), delay, unit);
    }

    @Override
    public Worker createWorker() {
        return scheduler.createWorker(); // nothing of a control plane's is timed by a worker
    }

    @Override
    public long now(TimeUnit unit) {
        return scheduler.now(unit);
    }
}
