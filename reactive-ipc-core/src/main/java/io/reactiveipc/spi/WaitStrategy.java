package io.reactiveipc.spi;

/**
 * How a poll loop passes the time while its rings are empty. One instance serves many loops; what it must remember, the
 * loop counts for it. Own strategies implement {@link #idle}.
 *
 * <p>Two processes that busy-spin fill two cores: on a machine with no more than that, nothing else gets a turn.
 */
@FunctionalInterface
public interface WaitStrategy {
    /**
     * How the loop sleeps: on its doorbell, which this process and others ring, and at the latest until the time given; for
     * {@link #SLEEP_NANOS} at most while there was work in the last two seconds.
     */
    interface Sleeper {
        void sleep(long maxNanos);
    }

    /**
     * Called after each pass that found no work. What it throws ends the loop, and with {@link
     * io.reactiveipc.ErrorCode#CLOSED} all that the loop serves.
     *
     * @param passes how many passes in a row found none, from 1
     * @param sleeper to give the processor up for longer than a yield
     */
    void idle(long passes, Sleeper sleeper);

    /**
     * Spins: the shortest latency, and a whole core. The processor is told so at every eighth look only, since telling takes
     * longer than a look, and what comes meanwhile is seen late (figures: docs/adr/0019).
     */
    static WaitStrategy busySpin() {
        return (passes, sleeper) -> {
            if (passes % 8 == 0) {
                Thread.onSpinWait();
            }
        };
    }

    /** How long a sleep lasts at most while there was work lately: what the loss of a ring costs then. */
    long SLEEP_NANOS = 100_000_000;

    /** The same after two seconds of silence, for most of what a silent process costs is waking up. */
    long MAX_SLEEP_NANOS = 500_000_000;

    /**
     * Looks again for some microseconds, giving way now and then, and sleeps. The default. It gives way because the thread that
     * brings the answer is often woken on the core of the one that waits for it; more yields, and more looks, made round trips
     * slower and cost more (figures: docs/adr/0014).
     */
    static WaitStrategy adaptive() {
        return (passes, sleeper) -> {
            if (passes > 200) {
                sleeper.sleep(MAX_SLEEP_NANOS);
            } else if (passes % 20 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        };
    }

    /** Sleeps at once: the least processor time, and a wake-up's latency for each message after a pause. */
    static WaitStrategy blocking() {
        return (passes, sleeper) -> sleeper.sleep(MAX_SLEEP_NANOS);
    }
}
