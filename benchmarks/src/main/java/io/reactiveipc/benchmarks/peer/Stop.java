package io.reactiveipc.benchmarks.peer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A flag that pollers look at and that others wait for. */
public final class Stop {
    private final CountDownLatch latch = new CountDownLatch(1);
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile boolean set;

    public void set() {
        set = true;
        latch.countDown();
        actions.forEach(Runnable::run);
    }

    /** Has something done at the stop that ends a wait which does not look at the flag. */
    void onSet(Runnable action) {
        actions.add(action);
        if (set) {
            action.run();
        }
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
