package io.reactiveipc.spi;

import io.reactiveipc.PeerEvent;
import java.time.Duration;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The part of a node that tells of peers and wakes them. It never carries data, and nothing is lost when it lags or fails:
 * connections that break are made anew as long as the peer lives.
 *
 * <p>Any thread may call any method; none blocks.
 */
public interface ControlPlane {
    /**
     * What happens to peers: first what holds now, then each change in order per peer. State changes are buffered for a slow
     * subscriber without bound, heartbeats conflated.
     */
    Flux<PeerEvent> events();

    /** Keeps a connection to a node that publishes a stream we read. Idempotent. */
    void connect(UUID node);

    /**
     * Says on all connections, now and to those who connect later, whether a stream is wanted here. A level: the last word
     * counts.
     *
     * @param reason why not, for people; empty if ready
     */
    void readiness(String stream, boolean ready, String reason);

    /** Rings the peer's doorbell, if connected. Calls between two passes of the event loop become one. */
    void wake(UUID node);

    /**
     * Sends heartbeats at an interval of its own until the handle is disposed of, which takes effect at once. The shortest
     * interval asked for counts.
     */
    reactor.core.Disposable startHeartbeat(Duration interval);

    /** Says goodbye, closes all connections and removes the socket. */
    Mono<Void> close();
}
