package io.reactiveipc.shm.node;

public final class TopicLock implements AutoCloseable {
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
