package io.reactiveipc.shm.node;

import java.nio.channels.FileLock;

/** Excludes all other processes and threads from creating and clearing away in one topic, until closed. */
public final class TopicLock implements AutoCloseable {
    private final LockFile locks;
    private final FileLock lock;

    TopicLock(LockFile locks, FileLock lock) {
        this.locks = locks;
        this.lock = lock;
    }

    /** Idempotent; any thread may. */
    @Override
    public void close() {
        locks.release(lock);
    }
}
