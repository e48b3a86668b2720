package io.reactiveipc.internal.poll;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.WaitStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The one thread that polls the rings of a node: a plain daemon thread, so that waiting on it hurts no event loop. It
 * visits its tasks in turn; after a pass without work the wait strategy decides how to pass the time; without any task it
 * sleeps until woken.
 */
public final class PollLoop implements WaitStrategy.Sleeper {
    /** Something to visit. Only the loop's thread calls it, and who adds it to a loop that has ended. */
    public interface Task {
        /** Does what can be done without waiting, and returns how much that was. */
        int doWork();

        /** Before the loop sleeps: has others ring its doorbell for what this task waits for. */
        void arm(int loop);

        /** After {@link #arm}: whether there is something to do already. */
        boolean isReady();

        /** How long the loop may sleep while it has this task, if nothing wakes it. */
        default long patienceNanos() {
            return Long.MAX_VALUE;
        }

        /** Called instead of further polls: after {@link #doWork} threw, or when the loop has ended. */
        void failed(Throwable error);
    }

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int NOTIFIED = 2;
    private static final Task[] NONE = {};
    private static final long STOP_NANOS = 200_000_000;
    private static final long SILENCE_NANOS = 2_000_000_000;
    public static final int MAX_LOOPS = 16;

    /** At most so many tasks are visited more often than the others: after each stretch of those, until they had much to do. */
    private static final int FRONT = 4;

    private static final int STRETCH = 16;
    private static final int MUCH = 64;

    /** About a microsecond: more than a store stays invisible in another core's store buffer. */
    private static final int SETTLE_SPINS = 64;

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final int index;
    private final WaitStrategy waitStrategy;
    private final Thread thread;
    private final Doorbell doorbell;
    private boolean silent; // the loop's own: no work since
    private long silentSince;
    private Task[] seen = NONE; // the loop's own: the tasks that are in order
    private Task[] order = NONE;
    private int front; // so many at its beginning had work lately
    private final int[] between = new int[FRONT]; // what each of them had to do between the others, in this pass
    private int lastGiven; // the place in front that changed hands last
    private volatile Task[] tasks = NONE;
    private volatile boolean stopping;
    private @Nullable IpcException over; // why, once it has ended

    /**
     * @param index the loop's number within its node
     * @param doorbells opens the doorbell of a loop, by its number and thread
     */
    public PollLoop(
            String name, int index, WaitStrategy waitStrategy, BiFunction<Integer, Thread, Doorbell> doorbells) {
        this.index = index;
        this.waitStrategy = waitStrategy;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        this.doorbell = doorbells.apply(index, thread);
    }

    public void start() {
        thread.start();
    }

    public void add(Task task) {
        IpcException refusal = addUnlessOver(task);
        if (refusal == null) {
            wake();
        } else {
            task.failed(refusal);
        }
    }

    private synchronized @Nullable IpcException addUnlessOver(Task task) {
        if (over == null) {
            Task[] grown = Arrays.copyOf(tasks, tasks.length + 1);
            grown[grown.length - 1] = task;
            tasks = grown;
        }
        return over;
    }

    public synchronized void remove(Task task) {
        tasks = Arrays.stream(tasks).filter(t -> t != task).toArray(Task[]::new);
        wake(); // a sleeping pass would keep the task, and its subscriber, from the collector
    }

    /** Makes a sleeping loop look again at once. Cheap when it is awake. */
    public void wake() {
        if (state.get() != NOTIFIED && state.getAndSet(NOTIFIED) == ASLEEP) { // SYNC B2 wake, pairs with asleep
            doorbell.ring();
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
        while (true) {
            try {
                poll();
                return;
            } catch (InternalError e) {
                // of a file cut short under its mapping, and told late: the next pass meets it again, at its task
                seen = NONE;
                front = 0;
            } catch (Throwable e) { // tasks are guarded each by itself
                abandon(new IpcException(
                        ErrorCode.CLOSED,
                        thread.getName() + " has ended, because the node's wait strategy, a "
                                + waitStrategy.getClass().getName() + ", failed (" + e
                                + "); mend that, close the node and create another one",
                        e));
                return;
            }
        }
    }

    private void poll() {
        long idlePasses = 0;
        long deadline = Long.MAX_VALUE;
        while (true) {
            if (stopping) { // whoever was told to end gets the passes to say so
                if (deadline == Long.MAX_VALUE) {
                    deadline = System.nanoTime() + STOP_NANOS;
                }
                if (tasks.length == 0 || System.nanoTime() - deadline > 0) {
                    abandon(new IpcException(ErrorCode.CLOSED, "the node was closed here; create another one"));
                    return;
                }
            }
            int work = pass();
            if (work > 0) {
                idlePasses = 0;
                silent = false;
            } else if (order.length == 0) {
                idlePasses = 0;
                sleep(Long.MAX_VALUE);
            } else if (state.get() == NOTIFIED && state.compareAndSet(NOTIFIED, AWAKE)) {
                idlePasses = 0;
                silent = false;
            } else {
                waitStrategy.idle(++idlePasses, this);
            }
        }
    }

    /**
     * Visits each task once, and between them those in front, which had work lately: with a thousand streams open, a busy one
     * does not wait for all the silent ones. Nor do these wait for long: who has much to do in between waits for the next
     * pass. Once a task has come or left, nobody is visited twice until then.
     */
    private int pass() {
        if (seen != tasks) {
            follow(tasks);
        }
        Arrays.fill(between, 0);
        int work = 0;
        for (int i = 0; i < order.length; i++) {
            if (i > 0 && i % STRETCH == 0) {
                work += visitFront();
            }
            int done = visit(order[i]);
            work += done;
            if (done > 0 && i >= front) {
                toFront(i);
            }
        }
        return work;
    }

    private int visitFront() {
        int work = 0;
        for (int i = 0; i < front && seen == tasks; i++) {
            if (between[i] < MUCH) {
                int done = visit(order[i]);
                between[i] += done;
                work += done;
            }
        }
        return work;
    }

    /** Puts a task that was visited in front. Whose place it takes was visited before, in this pass too. */
    private void toFront(int place) {
        int to = front < FRONT ? front++ : (lastGiven = (lastGiven + 1) % FRONT);
        swap(order, place, to);
        between[to] = 0;
    }

    /** Takes over the tasks there are now; who is in front stays there. */
    private void follow(Task[] current) {
        Task[] fresh = current.clone();
        List<Task> inFront = Arrays.asList(order).subList(0, front);
        int kept = 0;
        for (int i = 0; i < fresh.length && kept < front; i++) {
            if (inFront.contains(fresh[i])) {
                swap(fresh, i, kept++);
            }
        }
        order = fresh;
        front = kept;
        seen = current;
    }

    private static void swap(Task[] tasks, int a, int b) {
        Task task = tasks[a];
        tasks[a] = tasks[b];
        tasks[b] = task;
    }

    /** Nobody waits for a loop that is no more: not who is left, and not who comes later. */
    private void abandon(IpcException reason) {
        Task[] left;
        synchronized (this) {
            over = reason;
            left = tasks;
        }
        for (Task task : left) {
            fail(task, reason);
        }
        seen = NONE;
        order = NONE;
        doorbell.close();
    }

    private int visit(Task task) {
        try {
            return task.doWork();
        } catch (Throwable error) { // an InternalError of a truncated mapping lands here too: the other streams go on
            fail(task, error);
            return 1;
        }
    }

    private void fail(Task task, Throwable error) {
        remove(task);
        try {
            task.failed(error);
        } catch (Throwable second) {
            error.addSuppressed(second);
            Operators.onErrorDropped(error, Context.empty());
        }
    }

    /**
     * Sleeps on the doorbell, after arming what the tasks wait for and a last look. A peer looks at the armed word after its
     * own store, without the fence that would cost it at each message; the pause before the last look gives that store the
     * time to become visible, and if it ever takes longer, the sleep is bounded.
     */
    @Override
    public void sleep(long maxNanos) {
        if (state.compareAndSet(AWAKE, ASLEEP)) { // SYNC B2: a wake before this is found as NOTIFIED, a later one rings
            Task[] current = tasks;
            doorbell.forget(); // before the arming: a ring for what is armed now is not to be forgotten
            if (!isAnythingReady(current) && !stopping) {
                doorbell.await(current.length == 0 ? Long.MAX_VALUE : patience(current, Math.min(maxNanos, bound())));
            }
        }
        state.set(AWAKE);
    }

    /** For how long a lost ring may be slept through. */
    private long bound() {
        if (!silent) {
            silent = true;
            silentSince = System.nanoTime();
        }
        return System.nanoTime() - silentSince < SILENCE_NANOS
                ? WaitStrategy.SLEEP_NANOS
                : WaitStrategy.MAX_SLEEP_NANOS;
    }

    private static long patience(Task[] tasks, long maxNanos) {
        long patience = maxNanos;
        for (Task task : tasks) {
            patience = Math.min(patience, task.patienceNanos());
        }
        return patience;
    }

    private boolean isAnythingReady(Task[] current) {
        try {
            for (Task task : current) {
                task.arm(index);
            }
            for (int i = 0; i < SETTLE_SPINS && current.length > 0; i++) {
                Thread.onSpinWait();
            }
            boolean ready = false;
            for (Task task : current) {
                ready |= task.isReady();
            }
            return ready;
        } catch (RuntimeException | Error e) {
            return true; // the next pass meets it again, and knows whose it is
        }
    }
}
