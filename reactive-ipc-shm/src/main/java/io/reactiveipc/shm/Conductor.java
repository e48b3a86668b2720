package io.reactiveipc.shm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The node's thread for files and liveness: sees new rings at once where the system tells of directory changes, and by
 * looking at each patrol everywhere; frees what dead peers held. It is never interrupted, since an interrupt closes
 * the channel that holds the node's lock.
 */
final class Conductor {
    private static final Logger LOG = Loggers.getLogger(Conductor.class);
    /** Between two patrols where nobody tells of deaths. */
    static final long PATROL_MILLIS = 200;

    /** Between two patrols where peers' connections end with them: for what dies before it has one. */
    static final long RARE_PATROL_MILLIS = 1_000;

    /** Between two sweeps, for what no patrol sees: slots of rows that there are none of, names that others took away. */
    private static final long SWEEP_MILLIS = 10_000;

    private final Thread thread;
    private final DirectoryNotices notices;
    private final long patrolNanos;
    private final int patrolsPerSweep;
    private final Runnable patrol;
    private final Runnable sweep;
    private final Set<StreamWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * @param patrolMillis between two patrols
     * @param patrol what to look after at each patrol; cheap while nothing has happened
     * @param sweep what to look after every few seconds
     */
    Conductor(String name, DirectoryNotices notices, long patrolMillis, Runnable patrol, Runnable sweep) {
        this.notices = notices;
        this.patrolNanos = TimeUnit.MILLISECONDS.toNanos(patrolMillis);
        this.patrolsPerSweep = (int) Math.max(1, SWEEP_MILLIS / patrolMillis);
        this.patrol = patrol;
        this.sweep = sweep;
        this.thread = new Thread(this::run, "reactive-ipc-" + name + "-conductor");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void add(StreamWatch watch) {
        notices.add(watch);
        watches.add(watch);
    }

    void remove(StreamWatch watch) {
        watches.remove(watch);
        notices.remove(watch);
    }

    void stop() {
        stopping = true;
        notices.close();
        if (Thread.currentThread() != thread) {
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
        while (!stopping) {
            guarded(this::rounds); // an access to a file cut short may be told late, outside of the guards in there
        }
    }

    private void rounds() {
        int patrols = 0;
        long next = System.nanoTime();
        while (!stopping) {
            boolean changed = awaitChange(next);
            if (stopping) {
                return;
            }
            if (changed) {
                watches.forEach(watch -> guarded(watch::scan));
            }
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + patrolNanos;
                guarded(patrol);
                watches.forEach(watch -> guarded(watch::scanIfChanged));
                if (++patrols % patrolsPerSweep == 0) {
                    guarded(sweep);
                }
            }
        }
    }

    private boolean awaitChange(long until) {
        try {
            return notices.await(Math.max(0, until - System.nanoTime()));
        } catch (InterruptedException e) {
            return false; // nobody of ours interrupts; going on is the only safe answer
        }
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | InternalError e) { // the latter of a file that was cut short under its mapping
            LOG.warn("will try again", e);
        }
    }
}
