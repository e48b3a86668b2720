package io.reactiveipc.benchmarks.peer;

import org.agrona.concurrent.IdleStrategy;

/** An end that is polled by the thread which drives it. */
abstract class PolledEndpoint implements Endpoint {
    private final IdleStrategy pollIdle;
    private final IdleStrategy sendIdle;

    PolledEndpoint(Setup setup) {
        pollIdle = setup.waiting().idleStrategy();
        sendIdle = setup.waiting().idleStrategy();
    }

    /** Tells the listener what is there; returns whether anything was. */
    abstract boolean poll();

    /** Tries once; a full buffer refuses. */
    abstract boolean offer(Payload payload);

    @Override
    public final void send(Payload payload) {
        while (!offer(payload)) {
            sendIdle.idle();
        }
        sendIdle.reset();
    }

    @Override
    public void sendAll(Payload payload, long first, int count) {
        for (int i = 0; i < count; i++) {
            send(payload.of(first + i));
        }
    }

    @Override
    public final void drive(Stop stop) {
        IdleStrategy idle = pollIdle;
        while (!stop.isSet()) {
            if (poll()) {
                idle.reset();
            } else {
                idle.idle();
            }
        }
    }
}
