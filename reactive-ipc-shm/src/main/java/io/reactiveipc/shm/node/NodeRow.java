package io.reactiveipc.shm.node;

import java.util.UUID;

public final class NodeRow {
    public int index() {
        throw new UnsupportedOperationException();
    }

    public UUID uuid() {
        throw new UnsupportedOperationException();
    }

    public UUID bootId() {
        throw new UnsupportedOperationException();
    }

    public void release() {
        throw new UnsupportedOperationException();
    }
}
