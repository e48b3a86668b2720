package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/** What the events of the node come to: who is there, in which state, and what happened lately. Any thread may ask it anything. */
final class Peers {
    enum State {
        CONNECTED,
        READY,
        STALE,
        LEFT,
        CRASHED;

        boolean gone() {
            return this == LEFT || this == CRASHED;
        }
    }

    /**
     * @param since when the state began, in milliseconds since 1970
     * @param streams the streams of ours that it reads
     * @param roundTripMicros of the last heartbeat, or 0
     * @param lagBytes what it has not read of our streams, as of the last heartbeat
     */
    record Peer(
            UUID node,
            String name,
            long pid,
            State state,
            long since,
            List<String> streams,
            long roundTripMicros,
            long lagBytes) {}

    private static final int KEPT_GONE = 3;

    private final Map<UUID, Peer> peers = new LinkedHashMap<>();
    private final Deque<UUID> gone = new ArrayDeque<>();

    synchronized void apply(PeerEvent event) {
        PeerInfo info = event.peer();
        Peer old = peers.get(info.node());
        if (old == null) {
            old = new Peer(
                    info.node(),
                    info.name(),
                    info.pid(),
                    State.CONNECTED,
                    event.time().toEpochMilli(),
                    List.of(),
                    0,
                    0);
        }
        Peer now = after(old, event);
        peers.put(info.node(), now);
        if (now.state.gone() && !gone.contains(info.node())) {
            gone.add(info.node());
            if (gone.size() > KEPT_GONE) {
                peers.remove(gone.remove());
            }
        }
    }

    private static Peer after(Peer old, PeerEvent event) {
        if (event instanceof PeerEvent.Gap || event instanceof PeerEvent.Evicted) {
            return old; // of what was sent, and not of who is there
        }
        if (event instanceof PeerEvent.Heartbeat heartbeat) {
            return new Peer(
                    old.node,
                    old.name,
                    old.pid,
                    old.state,
                    old.since,
                    old.streams,
                    heartbeat.roundTrip().toNanos() / 1_000,
                    heartbeat.lagBytes());
        }
        TreeSet<String> streams = new TreeSet<>(old.streams);
        if (event instanceof PeerEvent.Ready ready) {
            streams.add(ready.stream());
        } else if (event instanceof PeerEvent.NotReady notReady) {
            streams.remove(notReady.stream());
        }
        State state = stateAfter(event, streams.isEmpty() ? State.CONNECTED : State.READY);
        if (state.gone()) {
            streams.clear();
        }
        long since = state == old.state ? old.since : event.time().toEpochMilli();
        return new Peer(
                old.node, old.name, old.pid, state, since, List.copyOf(streams), old.roundTripMicros, old.lagBytes);
    }

    private static State stateAfter(PeerEvent event, State alive) {
        if (event instanceof PeerEvent.Stale) {
            return State.STALE;
        }
        if (event instanceof PeerEvent.Left) {
            return State.LEFT;
        }
        return event instanceof PeerEvent.Crashed ? State.CRASHED : alive;
    }

    /** All that are there and the last ones that went, oldest first. */
    synchronized List<Peer> all() {
        return new ArrayList<>(peers.values());
    }
}
