package io.reactiveipc.benchmarks.peer;

/**
 * One process's end. Opened, told who listens, joined with the other side, then used: messages are sent by one thread at a
 * time and heard by one, which may be the same; a handler may send.
 */
public interface Endpoint extends AutoCloseable {
    /**
     * Has what comes in told to the listener, on the thread in {@link #drive} or on one of the endpoint's own. On a shared
     * stream each further call adds another receiver.
     */
    void listen(Listener listener);

    /** Waits until what is sent from now on is heard by all, and until all senders are known. */
    void join();

    /** Sends one message now, waiting for room. */
    void send(Payload payload);

    /** Sends many as fast as it goes, numbered from {@code first}; returns once the last one is on its way. */
    void sendAll(Payload payload, long first, int count);

    /** Gives the calling thread to the endpoint until the stop. */
    void drive(Stop stop);

    @Override
    void close();
}
