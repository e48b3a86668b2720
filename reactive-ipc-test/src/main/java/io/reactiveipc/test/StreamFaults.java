package io.reactiveipc.test;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Trouble with the rings of one stream, those that exist and those to come. Any thread may call any method; each takes effect
 * before it returns.
 */
public final class StreamFaults {
    private final String stream;
    private final Registry registry;
    private final AtomicInteger corruptions = new AtomicInteger();
    private volatile boolean keptFull;

    StreamFaults(String stream, Registry registry) {
        this.stream = stream;
        this.registry = registry;
    }

    /**
     * Has publishers of the stream find no room, however much there is: {@code tryEmit} gives {@code FAIL_OVERFLOW}, {@code
     * emit} and {@code send} wait. What was written before is read as always. Until {@link #makeRoom()}.
     */
    public void keepFull() {
        keptFull = true;
    }

    /** Ends {@link #keepFull()}: whoever waits for room goes on. Without effect if it was not begun. */
    public void makeRoom() {
        keptFull = false;
        registry.rings(stream).forEach(ring -> ring.publisher().wakeLoops());
    }

    boolean isKeptFull() {
        return keptFull;
    }

    /**
     * Spoils the next message that is written to the stream: each of its subscribers gets what came before it, and then {@link
     * io.reactiveipc.CorruptRingException} as from a ring that something wrote into. Other streams of the subscriber go on.
     * Called twice, it spoils the next one of two publications, or two of one.
     */
    public void corruptNext() {
        corruptions.incrementAndGet();
    }

    boolean takeCorruption() {
        return corruptions.get() > 0 && corruptions.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public String toString() {
        return "StreamFaults(" + stream + (keptFull ? ", kept full" : "") + ")";
    }
}
