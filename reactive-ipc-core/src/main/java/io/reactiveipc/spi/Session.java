package io.reactiveipc.spi;

import io.reactiveipc.PeerInfo;
import java.util.UUID;

/** One publication of a stream as a subscriber's process sees it: its ring is mapped, and can be joined any number of times. */
public interface Session {
    /** The publication's session id. */
    String id();

    /** The publishing node. */
    UUID node();

    /** Whether the publication has ended, so that there is nothing to join. */
    boolean ended();

    /** Whether the publisher may overwrite what a subscriber still reads, so that nobody may hold on to its bytes. */
    boolean mayOverwrite();

    /** The publishing node, as far as it is known here. */
    PeerInfo publisher();

    /**
     * Attaches a subscriber, as the stream's definition says that was watched. Does no blocking I/O.
     *
     * @param fromStart whether to begin at the first message, if still possible, and not where the definition says
     * @param losses told of what is missed
     * @throws io.reactiveipc.IpcException {@code INCOMPATIBLE_STREAM} if the publisher does not offer what is asked for
     * @throws io.reactiveipc.IpcException {@code TOO_MANY_SUBSCRIBERS} if all slots are taken
     */
    RingConsumer join(boolean fromStart, RingConsumer.Losses losses);
}
