package io.reactiveipc.test;

import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.test.internal.DelegatingConsumer;

/** A ring consumer of a node that may be stopped, or dead. */
final class MemoryConsumer extends DelegatingConsumer {
    private final MemoryDataPlane reader;

    MemoryConsumer(RingConsumer consumer, MemoryDataPlane reader) {
        super(consumer);
        this.reader = reader;
    }

    @Override
    public int poll() {
        return reader.runs() ? unlessStopped(super.poll()) : EMPTY;
    }

    @Override
    public int pollOn() {
        return reader.runs() ? unlessStopped(super.pollOn()) : EMPTY;
    }

    /** For a poll during which the node is stopped: it must not see what is written afterwards. */
    private int unlessStopped(int found) {
        return reader.runs() ? found : EMPTY;
    }

    @Override
    public void release(long position) {
        if (!reader.isGone()) { // else the slot may be another's by now
            super.release(position);
        }
    }

    @Override
    public void arm(int loop) {
        if (!reader.isGone()) {
            super.arm(loop);
        }
    }

    @Override
    public void close() {
        reader.left(this);
        if (!reader.isGone()) {
            super.close();
        }
    }
}
