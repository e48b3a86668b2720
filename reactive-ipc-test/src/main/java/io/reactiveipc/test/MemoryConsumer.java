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

    /** The second look is for a poll during which the node is stopped: it must not see what is written afterwards. */
    @Override
    public int poll() {
        if (!reader.runs()) {
            return EMPTY;
        }
        int found = super.poll();
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
