package io.reactiveipc.benchmarks.peer;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** How an end waits for messages and for room. */
public enum Waiting {
    /** Never gives the core away. */
    SPIN,
    /** Offers the core to others at each turn. */
    YIELD,
    /** What a user gets who says nothing: blocking for sockets, the usual back-off for polled buffers. */
    DEFAULT;

    /** For contenders that are polled. */
    IdleStrategy idleStrategy() {
        return switch (this) {
            case SPIN -> new BusySpinIdleStrategy();
            case YIELD -> new YieldingIdleStrategy();
            case DEFAULT -> new BackoffIdleStrategy();
        };
    }
}
