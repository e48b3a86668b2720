package io.reactiveipc.test;

import io.reactiveipc.spi.Doorbell;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Where a poll loop parks. */
final class MemoryDoorbell implements Doorbell {
    private final Thread sleeper;
    private final AtomicBoolean rung = new AtomicBoolean();

    MemoryDoorbell(Thread sleeper) {
        this.sleeper = sleeper;
    }

    @Override
    public void await(long maxNanos) {
        if (!rung.get()) {
            if (maxNanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, maxNanos);
            }
        }
        rung.set(false); // before the loop looks: whoever rings later is heard at the next sleep
    }

    @Override
    public void ring() {
        if (!rung.getAndSet(true)) {
            LockSupport.unpark(sleeper);
        }
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
