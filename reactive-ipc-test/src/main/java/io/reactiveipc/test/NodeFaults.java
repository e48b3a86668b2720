package io.reactiveipc.test;

import io.reactiveipc.spi.WaitStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Trouble with one node, as others see it. The node's own code goes on running, since it is the test's; but nothing that it does
 * reaches anybody while it is stalled, or after it has crashed. Any thread that may block may call any method; each takes effect
 * before it returns.
 */
public final class NodeFaults {
    private final MemoryDataPlane data;
    private final @Nullable MemoryControlPlane control;

    NodeFaults(MemoryDataPlane data, @Nullable MemoryControlPlane control) {
        this.data = data;
        this.control = control;
    }

    /**
     * Stops the node as SIGSTOP stops a process: it reads nothing, finds no room in its own rings, and answers no heartbeat. Peers
     * see it {@code Stale} once their {@code staleAfter} has passed on their clock, and publishers wait for it.
     */
    public void stall() {
        data.stall();
        if (control != null) {
            control.stall();
        }
    }

    /**
     * Has a stalled node go on: it reads on where it was, answers what it was asked meanwhile, and peers that had found it stale
     * see it {@code Recovered}. Without effect if it is not stalled.
     */
    public void resume() {
        data.resume();
        if (control != null) {
            control.resume();
        }
    }

    /**
     * Ends the node as SIGKILL ends a process: without a word, and for good. Its publications are lost, so that subscribers get
     * what was committed and then {@link io.reactiveipc.PublisherLostException}, or wait for a successor; the slots of its
     * subscriptions are free; peers get {@code Crashed}. The object is to be closed like any other, and nobody hears of it. A node
     * of the same name may be opened at once.
     */
    public void crash() {
        data.crash();
        if (control != null) {
            control.crash();
        }
    }

    /**
     * Loses what others do to wake the node's poll loops, until {@link #keepWakes()}: messages, room and signals for which a loop
     * sleeps are noticed when its bounded sleep ends, {@link WaitStrategy#MAX_SLEEP_NANOS} of real time at most.
     */
    public void loseWakes() {
        data.loseWakes(true);
    }

    /** Ends {@link #loseWakes()}. */
    public void keepWakes() {
        data.loseWakes(false);
    }

    /** How many wake-ups this node has lost. */
    public int lostWakes() {
        return data.lostWakes();
    }
}
