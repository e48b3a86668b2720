package io.reactiveipc;

import java.time.Instant;
import java.util.UUID;

/**
 * Another node, or this one as others see it.
 *
 * @param node the identity of this incarnation; never used again
 * @param name what the node calls itself
 * @param pid its process id, as it says: for people, not for proof
 * @param startedAt when its process started, as it says
 */
public record PeerInfo(UUID node, String name, long pid, Instant startedAt) {
    @Override
    public String toString() {
        return "\"" + name + "\" (pid " + pid + ", node " + node + ")";
    }
}
