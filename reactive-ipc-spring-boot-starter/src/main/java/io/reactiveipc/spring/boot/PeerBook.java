package io.reactiveipc.spring.boot;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What the node was told of its peers, for health and meters: the state of each, and of the last that went away. */
final class PeerBook implements DisposableBean {
    /** How a peer is. The last two are final. */
    enum State {
        /** Shook hands, and wants no stream of ours now. */
        CONNECTED,
        /** Wants a stream of ours. */
        READY,
        STALE,
        LEFT,
        CRASHED;

        boolean isGone() {
            return this == LEFT || this == CRASHED;
        }
    }

    /**
     * One peer at one moment.
     *
     * @param since when it came into this state
     * @param streams of ours that it wants
     * @param heartbeat its last sign of life, or null before the first
     * @param remark what was said of a peer that went away
     */
    record Peer(
            PeerInfo info,
            State state,
            Instant since,
            Set<String> streams,
            PeerEvent.@Nullable Heartbeat heartbeat,
            String remark) {

        /** Since the last sign of life, at the latest since it came into its state. */
        Duration silence(Instant now) {
            return Duration.between(heartbeat == null ? since : heartbeat.time(), now);
        }
    }

    private static final int GONE_PEERS_KEPT = 16;

    private final Map<UUID, Peer> peers = new LinkedHashMap<>();
    private final Clock clock;
    private final Disposable events;
    private long left;
    private long crashed;

    /** @param events of a node; an error is the end of what there is to know, as without a control plane */
    PeerBook(Flux<PeerEvent> events, Clock clock) {
        this.clock = clock;
        this.events = events.subscribe(this::note, end -> {});
    }

    private synchronized void note(PeerEvent event) {
        UUID id = event.peer().node();
        Peer known = peers.get(id);
        Peer peer = known != null && !known.state().isGone()
                ? known
                : new Peer(event.peer(), State.CONNECTED, event.time(), Set.of(), null, "");
        if (event instanceof PeerEvent.Connected) {
            peers.put(id, peer);
        } else if (event instanceof PeerEvent.Ready ready) {
            peers.put(id, wanting(peer, ready.stream(), true, ready.time()));
        } else if (event instanceof PeerEvent.NotReady notReady) {
            peers.put(id, wanting(peer, notReady.stream(), false, notReady.time()));
        } else if (event instanceof PeerEvent.Heartbeat heartbeat) {
            peers.put(id, new Peer(peer.info(), peer.state(), peer.since(), peer.streams(), heartbeat, peer.remark()));
        } else if (event instanceof PeerEvent.Stale stale) {
            peers.put(id, in(State.STALE, peer, stale.time(), ""));
        } else if (event instanceof PeerEvent.Recovered recovered) {
            peers.put(id, in(alive(peer.streams()), peer, recovered.time(), ""));
        } else if (event instanceof PeerEvent.Left gone) {
            left++;
            bury(in(State.LEFT, peer, gone.time(), gone.reason()));
        } else if (event instanceof PeerEvent.Crashed gone) {
            crashed++;
            bury(in(State.CRASHED, peer, gone.time(), gone.evidence()));
        }
    }

    private static Peer in(State state, Peer peer, Instant since, String remark) {
        return new Peer(peer.info(), state, since, peer.streams(), peer.heartbeat(), remark);
    }

    private static State alive(Set<String> streams) {
        return streams.isEmpty() ? State.CONNECTED : State.READY;
    }

    private static Peer wanting(Peer peer, String stream, boolean wants, Instant time) {
        Set<String> streams = new TreeSet<>(peer.streams());
        boolean changed = wants ? streams.add(stream) : streams.remove(stream);
        State state = peer.state() == State.STALE ? State.STALE : alive(streams);
        return new Peer(
                peer.info(),
                state,
                changed && state != peer.state() ? time : peer.since(),
                Collections.unmodifiableSet(streams),
                peer.heartbeat(),
                peer.remark());
    }

    /** The oldest of those that went away make room, so that an application that runs for ever does not grow. */
    private void bury(Peer peer) {
        peers.remove(peer.info().node());
        peers.put(peer.info().node(), peer);
        long gone = peers.values().stream().filter(p -> p.state().isGone()).count();
        Iterator<Peer> oldestFirst = peers.values().iterator();
        while (gone > GONE_PEERS_KEPT && oldestFirst.hasNext()) {
            if (oldestFirst.next().state().isGone()) {
                oldestFirst.remove();
                gone--;
            }
        }
    }

    /** Those alive and the last that went away. */
    synchronized List<Peer> peers() {
        return new ArrayList<>(peers.values());
    }

    synchronized long count(State state) {
        return switch (state) {
            case LEFT -> left;
            case CRASHED -> crashed;
            default ->
                peers.values().stream().filter(peer -> peer.state() == state).count();
        };
    }

    /** How long the most silent of the peers alive has been silent; empty if there is none, or none was ever asked. */
    Optional<Duration> longestSilence() {
        Instant now = now();
        return peers().stream()
                .filter(peer -> !peer.state().isGone() && peer.heartbeat() != null)
                .map(peer -> peer.silence(now))
                .max(Duration::compareTo);
    }

    Instant now() {
        return clock.instant();
    }

    @Override
    public void destroy() {
        events.dispose();
    }
}
