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
    private final AtomicInteger overwritings = new AtomicInteger();
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
        return take(corruptions);
    }

    /**
     * Laps the readers: the next messages that are written to the stream are overwritten before anybody has read them, as if a
     * ring's worth had followed. At the message behind them each subscriber finds the gap and does what its {@link
     * io.reactiveipc.StreamSpec#gap} says; {@code lost()} and {@code PeerEvent.Gap} tell exactly of it. Only publications that overwrite lose
     * any, and subscribers with {@code delivery(LATEST)} have no gaps.
     *
     * @param messages how many; those of earlier calls are added
     * @throws IllegalArgumentException if it is not positive
     * @throws IllegalStateException if the stream has no publication now that overwrites
     */
    public void overwriteNext(int messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("messages must be positive: " + messages + "; 1 for example");
        }
        if (registry.rings(stream).stream().noneMatch(MemoryRing::isOverwriting)) {
            throw new IllegalStateException("stream \"" + stream + "\" has no publication that overwrites, so nobody is"
                    + " lapped; publish it with overflow(Overflow.OVERWRITE_OLDEST) first");
        }
        overwritings.addAndGet(messages);
    }

    boolean takeOverwriting() {
        return take(overwritings);
    }

    private static boolean take(AtomicInteger due) {
        return due.get() > 0 && due.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public String toString() {
        return "StreamFaults(" + stream + (keptFull ? ", kept full" : "") + ")";
    }
}
