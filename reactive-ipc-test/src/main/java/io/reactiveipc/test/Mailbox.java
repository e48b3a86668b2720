package io.reactiveipc.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * What the control planes of a host have to do, one action at a time in the order of its arrival. A thread of its own does it,
 * since who brings an action may hold locks that others need; except for timers: their actions are done when the timer returns,
 * so that whoever advances a virtual clock finds them done.
 */
final class Mailbox implements Executor {
    private static final Logger LOG = Loggers.getLogger(Mailbox.class);
    private static final long IDLE_MILLIS = 500;

    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ThreadPoolExecutor thread;

    Mailbox(String threadName) {
        thread = new ThreadPoolExecutor(1, 1, IDLE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, threadName);
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable action) {
        actions.add(action);
        if (!turn.isHeldByCurrentThread() && asked.compareAndSet(false, true)) {
            thread.execute(() -> {
                asked.set(false);
                empty();
            });
        }
    }

    /** Does the action and all that follows from it, on this thread. */
    void call(Runnable action) {
        actions.add(action);
        empty();
    }

    /** A timer's task: done with all that follows from it, unless the thread is one that must not wait for its turn. */
    Runnable timed(Runnable task) {
        return () -> {
            task.run();
            catchUp();
        };
    }

    /** Does what there is to do on this thread, unless it is one that must not wait for its turn. */
    void catchUp() {
        if (!Schedulers.isInNonBlockingThread()) {
            empty();
        }
    }

    private void empty() {
        if (turn.isHeldByCurrentThread()) {
            return; // further up on this thread somebody is at it
        }
        turn.lock();
        try {
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                action.run();
            }
        } catch (RuntimeException e) {
            LOG.error("a control plane in memory failed; the others go on", e);
        } finally {
            turn.unlock();
        }
        if (!actions.isEmpty()) {
            empty(); // of one who came in between, or behind one that failed
        }
    }
}
