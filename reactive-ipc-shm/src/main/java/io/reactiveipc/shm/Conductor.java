package io.reactiveipc.shm;

import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The node's thread for files and liveness: sees new rings at once where the system tells of directory changes, and by
 * looking a few times a second everywhere; frees what dead peers held. It is never interrupted, since an interrupt closes
 * the channel that holds the node's lock.
 */
final class Conductor {
    private static final Logger LOG = Loggers.getLogger(Conductor.class);
    private static final long PATROL_MILLIS = 200;
    private static final int PATROLS_PER_SWEEP = 5;

    private final Thread thread;
    private final Runnable patrol;
    private final Runnable sweep;
    private final @Nullable WatchService service;
    private final Map<StreamWatch, WatchKey> keys = new ConcurrentHashMap<>();
    private final Map<StreamWatch, Boolean> watches = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * @param patrol what to look after a few times a second
     * @param sweep what to look after every second
     */
    Conductor(String name, Runnable patrol, Runnable sweep) {
        this.patrol = patrol;
        this.sweep = sweep;
        this.service = newService();
        this.thread = new Thread(this::run, "reactive-ipc-" + name + "-conductor");
        thread.setDaemon(true);
    }

    private static @Nullable WatchService newService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info(
                    "no directory notifications ({}): new publications are found within {} ms",
                    e.toString(),
                    PATROL_MILLIS);
            return null;
        }
    }

    void start() {
        thread.start();
    }

    void add(StreamWatch watch) {
        register(watch);
        watches.put(watch, true);
    }

    void remove(StreamWatch watch) {
        watches.remove(watch);
        WatchKey key = keys.remove(watch);
        if (key != null) {
            key.cancel();
        }
    }

    /** The directory may have been removed with its last ring: make it anew, so that there is something to watch. */
    private void register(StreamWatch watch) {
        StreamDirectory directory = watch.directory();
        if (service == null) {
            return;
        }
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                Files.createDirectories(directory.path());
                keys.put(watch, directory.path().register(service, StandardWatchEventKinds.ENTRY_CREATE));
                return;
            } catch (NoSuchFileException e) {
                // removed again in between
            } catch (IOException | ClosedWatchServiceException e) {
                LOG.debug("cannot watch {}: {}", directory.path(), e.toString());
                return;
            }
        }
    }

    void stop() {
        stopping = true;
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.debug("closing directory notifications: {}", e.toString());
            }
        }
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
                watches.keySet().forEach(watch -> guarded(watch::scan));
            }
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATROL_MILLIS);
                guarded(patrol);
                if (++patrols % PATROLS_PER_SWEEP == 0) {
                    watches.keySet().forEach(watch -> guarded(watch::scan));
                    guarded(sweep);
                } else if (service == null) {
                    watches.keySet().forEach(watch -> guarded(watch::scan));
                }
            }
        }
    }

    private boolean awaitChange(long until) {
        long nanos = Math.max(0, until - System.nanoTime());
        try {
            if (service == null) {
                TimeUnit.NANOSECONDS.sleep(nanos);
                return false;
            }
            WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
            if (key == null) {
                return false;
            }
            key.pollEvents();
            if (!key.reset()) {
                keys.forEach((watch, registered) -> {
                    if (registered == key && watches.containsKey(watch)) {
                        register(watch);
                    }
                });
            }
            return true;
        } catch (ClosedWatchServiceException e) {
            return false;
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
