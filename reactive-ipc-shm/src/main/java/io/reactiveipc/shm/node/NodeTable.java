package io.reactiveipc.shm.node;

import io.reactiveipc.shm.segment.RootDirectory;
import java.util.UUID;

public final class NodeTable {
    public static NodeTable open(RootDirectory root) {
        throw new UnsupportedOperationException();
    }

    public NodeRow claim(String name) {
        throw new UnsupportedOperationException();
    }

    public boolean dead(int row) {
        throw new UnsupportedOperationException();
    }

    public boolean alive(int row, UUID node) {
        throw new UnsupportedOperationException();
    }

    /** The node of a row for a message: {@code "prices" (pid 4711, row 3)}. */
    public String describe(int row) {
        throw new UnsupportedOperationException();
    }

    /** Not reentrant; waits at most some seconds, then IpcException(STORAGE). Never in a poll loop. */
    public TopicLock lockTopic(String sha256) {
        throw new UnsupportedOperationException();
    }

    public Reaper reaper() {
        throw new UnsupportedOperationException();
    }
}
