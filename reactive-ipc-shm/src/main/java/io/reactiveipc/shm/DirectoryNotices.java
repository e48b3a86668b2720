package io.reactiveipc.shm;

import io.reactiveipc.IpcException;
import io.reactiveipc.shm.segment.RootDirectory;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Tells, where the system does, that something was created in the directory of a stream. Such a directory goes with its last
 * ring and comes back with the next one, and as long as anybody has that last ring mapped, the system says nothing of its
 * going. So the directory above is watched as well, for those that come.
 */
final class DirectoryNotices {
    private static final Logger LOG = Loggers.getLogger(DirectoryNotices.class);

    private final RootDirectory root;
    private final @Nullable WatchService service;
    private final Map<StreamWatch, @Nullable WatchKey> keys = new HashMap<>();
    private @Nullable WatchKey topics;

    DirectoryNotices(RootDirectory root) {
        this.root = root;
        this.service = newService();
    }

    private static @Nullable WatchService newService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("no directory notifications ({}): new publications are found by looking for them", e.toString());
            return null;
        }
    }

    /** What is created there from now on is told. */
    synchronized void add(StreamWatch watch) {
        if (topics == null) {
            watchTopics();
        }
        keys.put(watch, register(watch.directory().path()));
    }

    synchronized void remove(StreamWatch watch) {
        WatchKey key = keys.remove(watch);
        if (key != null && !keys.containsValue(key)) { // one directory has one key, however many watch it
            key.cancel();
        }
    }

    private void watchTopics() {
        try {
            root.createTopics();
            topics = register(root.topics());
        } catch (IpcException e) {
            LOG.debug("cannot watch {}: {}", root.topics(), e.toString());
        }
    }

    /** Null if the directory is not there, and comes later. */
    private @Nullable WatchKey register(Path directory) {
        try {
            return service == null ? null : directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        } catch (IOException | ClosedWatchServiceException e) {
            LOG.debug("cannot watch {}: {}", directory, e.toString());
            return null;
        }
    }

    /**
     * Waits for a notice; where there are none, as long as it may.
     *
     * @return whether there was one that concerns a stream that is watched
     */
    boolean await(long nanos) throws InterruptedException {
        if (service == null) {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return false;
        }
        try {
            WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
            return key != null && concerns(key);
        } catch (ClosedWatchServiceException e) {
            return false;
        }
    }

    private synchronized boolean concerns(WatchKey key) {
        Set<@Nullable Object> created = new HashSet<>();
        boolean overflown = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            created.add(event.context());
            overflown |= event.kind() == StandardWatchEventKinds.OVERFLOW;
        }
        boolean valid = key.reset();
        if (!key.equals(topics)) {
            return true; // one that ended comes back through the directory above
        }
        if (!valid) {
            watchTopics();
        }
        boolean all = overflown || !valid;
        boolean any = false;
        for (Map.Entry<StreamWatch, @Nullable WatchKey> entry : keys.entrySet()) {
            Path directory = entry.getKey().directory().path();
            if (all || created.contains(directory.getFileName())) {
                entry.setValue(register(directory));
                any = true;
            }
        }
        return any;
    }

    void close() {
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.debug("closing directory notifications: {}", e.toString());
            }
        }
    }
}
