package io.reactiveipc.benchmarks.peer;

import java.util.concurrent.CountDownLatch;

/** A flag that pollers look at and that others wait for. */
public final class Stop {
    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile boolean set;

    public void set() {
        set = true;
        latch.countDown();
    }

    public boolean isSet() {
        return set;
    }

    public void await() {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
