package io.reactiveipc.spi;

/** One reader of a {@link SignalCounter}. One thread reads; any may close. */
public interface SignalReader {
    /**
     * How many signals there were since it joined. Grows only.
     *
     * @throws io.reactiveipc.IpcException {@code CORRUPT_RING} if the counter holds what no counting makes of it
     */
    long total();

    /** Has the next signal ring the doorbell of a poll loop of this node. Look at {@link #total()} once more before sleeping. */
    void arm(int loop);

    /** Leaves. Idempotent. */
    void close();
}
