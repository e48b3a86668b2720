package io.reactiveipc.spi;

/** The signals of one name, counted where all processes see them. Any thread may call any method; none does blocking I/O. */
public interface SignalCounter {
    /** Counts one signal, and wakes the readers that sleep. */
    void signal();

    /**
     * Attaches a reader, which sees the signals from here on.
     *
     * @throws io.reactiveipc.IpcException {@code TOO_MANY_SUBSCRIBERS} if there are as many as there can be
     */
    SignalReader join();
}
