package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams that one peer is ready for. A level: saying it again changes nothing, and after a new connection what is not
 * said again before SYNCED has ended.
 */
final class PeerReadiness {
    private final Map<String, PeerEvent.Ready> ready = new LinkedHashMap<>();
    private @Nullable Set<String> saidAgain;

    void connected() {
        saidAgain = new HashSet<>();
    }

    /** @return the change, or null if it is none */
    PeerEvent.@Nullable Ready ready(PeerInfo peer, Instant time, String stream) {
        if (saidAgain != null) {
            saidAgain.add(stream);
        }
        if (ready.containsKey(stream)) {
            return null;
        }
        PeerEvent.Ready event = new PeerEvent.Ready(peer, time, stream);
        ready.put(stream, event);
        return event;
    }

    /** @return the change, or null if it is none */
    PeerEvent.@Nullable NotReady notReady(PeerInfo peer, Instant time, String stream, String reason) {
        return ready.remove(stream) == null ? null : new PeerEvent.NotReady(peer, time, stream, reason);
    }

    /** @return what has ended while there was no connection */
    List<PeerEvent.NotReady> synced(PeerInfo peer, Instant time) {
        List<PeerEvent.NotReady> ended = new ArrayList<>();
        if (saidAgain != null) {
            for (String stream : List.copyOf(ready.keySet())) {
                if (!saidAgain.contains(stream)) {
                    ready.remove(stream);
                    ended.add(new PeerEvent.NotReady(peer, time, stream, "ended while the connection was broken"));
                }
            }
            saidAgain = null;
        }
        return ended;
    }

    boolean has(String stream) {
        return ready.containsKey(stream);
    }

    int count() {
        return ready.size();
    }

    Collection<PeerEvent.Ready> current() {
        return ready.values();
    }
}
