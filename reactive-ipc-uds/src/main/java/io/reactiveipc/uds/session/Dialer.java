package io.reactiveipc.uds.session;

import java.util.UUID;

/** Opens connections. */
@FunctionalInterface
public interface Dialer {
    /**
     * Opens one connection to the node and tells the link how it went: {@link Link#opened} or {@link Link#closed}. Does not
     * block.
     */
    void dial(UUID node, Link link);
}
