package io.reactiveipc;

import java.time.Duration;
import java.time.Instant;

/**
 * What happened to a peer. State changes are never lost, and those that still hold come first for a late subscriber;
 * heartbeats are only the latest.
 */
public sealed interface PeerEvent {
    PeerInfo peer();

    /** When this node noticed. */
    Instant time();

    /** The two nodes have shaken hands. */
    record Connected(PeerInfo peer, Instant time) implements PeerEvent {}

    /** A subscription of the peer to a stream that we publish has a subscriber with demand. */
    record Ready(PeerInfo peer, Instant time, String stream) implements PeerEvent {}

    /** No subscriber of the peer wants that stream now; {@code reason} says why. */
    record NotReady(PeerInfo peer, Instant time, String stream, String reason) implements PeerEvent {}

    /**
     * The peer answered.
     *
     * @param sequence counts the heartbeats of this connection
     * @param roundTrip from asking to the answer
     * @param lagBytes what the peer has not read yet of our streams, summed
     * @param ringFill the fullest of the rings between the two, from 0 to 1
     */
    record Heartbeat(PeerInfo peer, Instant time, long sequence, Duration roundTrip, long lagBytes, double ringFill)
            implements PeerEvent {}

    /** The peer has been silent for longer than allowed: stopped, or starved. Nothing is taken from it. */
    record Stale(PeerInfo peer, Instant time, Duration silence) implements PeerEvent {}

    /** A stale peer spoke again. */
    record Recovered(PeerInfo peer, Instant time, Duration silence) implements PeerEvent {}

    /** The peer said goodbye. */
    record Left(PeerInfo peer, Instant time, String reason) implements PeerEvent {}

    /**
     * A publication of the peer overwrote messages before a subscriber of this node had taken them. Told by {@link
     * IpcSubscription#events()} of that subscription only.
     *
     * @param session the publication's session id
     * @param firstMissing sequence of the first message that was missed
     * @param lastMissing sequence of the last one
     */
    record Gap(PeerInfo peer, Instant time, String stream, String session, long firstMissing, long lastMissing)
            implements PeerEvent {}

    /**
     * A publication of this node goes on without a subscriber of the peer, which left it no room. Told by {@link
     * IpcPublication#events()} of that publication only.
     */
    record Evicted(PeerInfo peer, Instant time, String stream, Duration patience) implements PeerEvent {}

    /** The peer's process died; {@code evidence} says how that is known. */
    record Crashed(PeerInfo peer, Instant time, String evidence) implements PeerEvent {}
}
