package io.reactiveipc.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * Where one poll loop sleeps, and is woken by this process and by others. A ring while nobody sleeps is remembered for the
 * next sleep; several count as one.
 */
public interface Doorbell {
    /**
     * Forgets the rings that ended the last sleep. Before the loop looks for work for the last time, so that no later ring is lost; and
     * not when the sleep ends, for then there is something to do. Only the loop's thread calls it.
     */
    default void forget() {}

    /** Sleeps until rung or until the time has passed; sometimes less. Only the loop's thread calls it. */
    void await(long maxNanos);

    /** Wakes the sleeper from within this process. Any thread. */
    void ring();

    /** Gives the doorbell up. Idempotent; not while anybody sleeps. */
    void close();

    /** A doorbell that other processes cannot ring: its sleeps are short. */
    static Doorbell unreachable(Thread sleeper) {
        return new Doorbell() {
            private static final long NAP_NANOS = 1_000_000;

            @Override
            public void await(long maxNanos) {
                LockSupport.parkNanos(this, Math.min(maxNanos, NAP_NANOS));
            }

            @Override
            public void ring() {
                LockSupport.unpark(sleeper);
            }

            @Override
            public void close() {
                // nothing was opened
            }
        };
    }
}
