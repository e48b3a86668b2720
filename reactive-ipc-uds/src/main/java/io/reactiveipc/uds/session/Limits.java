package io.reactiveipc.uds.session;

import java.time.Duration;

/**
 * What a peer may ask of this node before it is cut off.
 *
 * @param framesPerSecond frames of one connection within a second; of wake-ups, ten times as many
 * @param connections open at a time that others made
 * @param streamsPerPeer ready at a time
 * @param handshakeTimeout from the connection to the end of the handshake
 */
public record Limits(int framesPerSecond, int connections, int streamsPerPeer, Duration handshakeTimeout) {
    public static final Limits DEFAULT = new Limits(10_000, 1_024, 4_096, Duration.ofSeconds(5));
}
