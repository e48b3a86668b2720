package io.reactiveipc.spi;

import java.util.UUID;

/** One publication of a stream as a subscriber's process sees it: its ring is mapped, and can be joined any number of times. */
public interface Session {
    /** The publication's session id. */
    String id();

    /** The publishing node. */
    UUID node();

    /** Whether the publication has ended, so that there is nothing to join. */
    boolean ended();

    /**
     * Attaches a subscriber. Does no blocking I/O.
     *
     * @param fromStart whether to begin at the first message, if still possible, and not at the next one
     * @throws io.reactiveipc.IpcException {@code TOO_MANY_SUBSCRIBERS} if all slots are taken
     */
    RingConsumer join(boolean fromStart);
}
