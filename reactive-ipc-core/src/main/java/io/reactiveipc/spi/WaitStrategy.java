package io.reactiveipc.spi;

/**
 * How a poll loop passes the time while its rings are empty. One instance serves many loops; what it must remember, the
 * loop counts for it. Own strategies implement {@link #idle}.
 *
 * <p>Two processes that busy-spin fill two cores: on a machine with no more than that, nothing else gets a turn.
 */
@FunctionalInterface
public interface WaitStrategy {
    /** How the loop sleeps: woken at once by this process, and at the latest after the time given. */
    interface Sleeper {
        void sleep(long maxNanos);
    }

    /**
     * Called after each pass that found no work.
     *
     * @param passes how many passes in a row found none, from 1
     * @param sleeper to give the processor up for longer than a yield
     */
    void idle(long passes, Sleeper sleeper);

    /** Spins: the shortest latency, and a whole core. */
    static WaitStrategy busySpin() {
        return (passes, sleeper) -> Thread.onSpinWait();
    }

    /** Spins for some microseconds, yields for some more, then sleeps for longer and longer, up to a millisecond. The default. */
    static WaitStrategy adaptive() {
        return (passes, sleeper) -> {
            if (passes <= 200) {
                Thread.onSpinWait();
            } else if (passes <= 300) {
                Thread.yield();
            } else {
                long exponent = Math.min((passes - 300) / 16, 5);
                sleeper.sleep(Math.min(50_000L << exponent, 1_000_000L));
            }
        };
    }

    /** Sleeps at once, a tenth of a millisecond at a time: next to no processor time, some latency. */
    static WaitStrategy blocking() {
        return (passes, sleeper) -> sleeper.sleep(passes < 1_000 ? 100_000 : 1_000_000);
    }
}
