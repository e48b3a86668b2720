package io.reactiveipc.internal.poll;

import io.reactiveipc.spi.WaitStrategy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The one thread that polls the rings of a node: a plain daemon thread, so that waiting on it hurts no event loop. It
 * visits its tasks in turn; after a pass without work the wait strategy decides how to pass the time; without any task it
 * sleeps until woken.
 */
public final class PollLoop implements WaitStrategy.Sleeper {
    /** Something to visit. Only the loop's thread calls it. */
    public interface Task {
        /** Does what can be done without waiting, and returns how much that was. */
        int doWork();

        /** Called instead of further polls, after {@link #doWork} threw. */
        void failed(Throwable error);
    }

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int NOTIFIED = 2;
    private static final Task[] NONE = {};
    private static final long STOP_NANOS = 1_000_000_000;

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final WaitStrategy waitStrategy;
    private final Thread thread;
    private volatile Task[] tasks = NONE;
    private volatile boolean stopping;

    public PollLoop(String name, WaitStrategy waitStrategy) {
        this.waitStrategy = waitStrategy;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public synchronized void add(Task task) {
        Task[] grown = Arrays.copyOf(tasks, tasks.length + 1);
        grown[grown.length - 1] = task;
        tasks = grown;
        wake();
    }

    public synchronized void remove(Task task) {
        tasks = Arrays.stream(tasks).filter(t -> t != task).toArray(Task[]::new);
    }

    /** Makes a sleeping loop look again at once. Cheap when it is awake. */
    public void wake() {
        if (state.get() != NOTIFIED && state.getAndSet(NOTIFIED) == ASLEEP) { // SYNC B2 wake, pairs with asleep
            LockSupport.unpark(thread);
        }
    }

    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Ends the thread once its tasks have ended, or after a second. Waits for that, unless the loop stops itself. */
    public void stop() {
        stopping = true;
        wake();
        if (!isCurrentThread()) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        long idlePasses = 0;
        long deadline = Long.MAX_VALUE;
        while (true) {
            if (stopping) { // whoever was told to end gets the passes to say so
                if (deadline == Long.MAX_VALUE) {
                    deadline = System.nanoTime() + STOP_NANOS;
                }
                if (tasks.length == 0 || System.nanoTime() - deadline > 0) {
                    return;
                }
            }
            Task[] current = tasks;
            int work = 0;
            for (Task task : current) {
                work += visit(task);
            }
            if (work > 0) {
                idlePasses = 0;
            } else if (current.length == 0) {
                idlePasses = 0;
                sleep(Long.MAX_VALUE);
            } else if (state.get() == NOTIFIED && state.compareAndSet(NOTIFIED, AWAKE)) {
                idlePasses = 0;
            } else {
                waitStrategy.idle(++idlePasses, this);
            }
        }
    }

    private int visit(Task task) {
        try {
            return task.doWork();
        } catch (Throwable error) { // an InternalError of a truncated mapping lands here too: the other streams go on
            remove(task);
            try {
                task.failed(error);
            } catch (Throwable second) {
                error.addSuppressed(second);
                Operators.onErrorDropped(error, Context.empty());
            }
            return 1;
        }
    }

    @Override
    public void sleep(long maxNanos) {
        if (state.compareAndSet(
                AWAKE, ASLEEP)) { // SYNC B2 asleep, pairs with wake: a wake before it is found as NOTIFIED
            if (maxNanos == Long.MAX_VALUE) {
                if (tasks.length == 0 && !stopping) {
                    LockSupport.park(this);
                }
            } else {
                LockSupport.parkNanos(this, maxNanos);
            }
        }
        state.set(AWAKE);
    }
}
