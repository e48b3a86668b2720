package io.reactiveipc.spi;

import io.reactiveipc.PeerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** The node around a control plane. Its methods do not block, except {@link #isAlive}, which costs microseconds. */
public interface ControlPlaneHost {
    /** This node. */
    PeerInfo self();

    /** Where the sockets are, one per node incarnation: {@code <uuid>.sock}. Private to the user. */
    Path socketDirectory();

    /** What the kernel knows of a node: whether its liveness lock is held. The only proof of a death. */
    boolean isAlive(UUID node);

    /** A peer's death was proven, or its goodbye received: free what it held. */
    void peerGone(UUID node);

    /** A peer asks to look at the rings: wake the poll loops. */
    void wakeUp();

    /** Bytes this node has not read yet of streams that the node publishes. */
    long lagBehind(UUID node);

    /** How full the fullest ring between the two nodes is, from 0 to 1. */
    double ringFill(UUID node);

    /** Interval of heartbeats; zero for none. */
    Duration heartbeatInterval();

    /** Silence after which a peer is stale. */
    Duration staleAfter();

    /** Clock and timers that the node was given, so that tests may run in virtual time; null for those of the plane itself. */
    @Nullable
    Scheduler scheduler();
}
