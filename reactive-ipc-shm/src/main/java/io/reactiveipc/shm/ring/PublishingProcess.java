package io.reactiveipc.shm.ring;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a reader knows of the publishing process, from outside of the ring. */
public interface PublishingProcess {
    /** Evidence of its death, or null while it lives. Once told it stays. */
    @Nullable
    String death();

    /** The row of its node. */
    int nodeRow();

    /** Its node. */
    UUID node();

    /**
     * Takes their slots away from subscribers that died, as the publisher's node does while it is there. Costs microseconds, and
     * never waits.
     */
    default void freeSlotsOfDead() {}
}
