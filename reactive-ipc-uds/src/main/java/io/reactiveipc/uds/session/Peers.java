package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.Protocol;
import io.reactiveipc.uds.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * All peers of one node. The public methods may be called by any thread, except those of {@link #accept} and {@link #leave},
 * which belong to the control executor.
 */
public final class Peers {
    /** Incarnations that ended are remembered, so that none comes twice; ids are never used again, so old ones may go. */
    private static final int REMEMBERED_ENDS = 4_096;

    private final ControlPlaneHost host;
    private final Timers timers;
    private final Dialer dialer;
    private final Limits limits;
    private final Complaints complaints;
    private final PeerEvents events;
    private final Heartbeats heartbeats;
    private final UUID self;
    private final Map<UUID, PeerSession> sessions = new ConcurrentHashMap<>();
    private final Set<String> readyHere = new LinkedHashSet<>();
    private final Set<Link> accepted = new HashSet<>();
    private final Map<UUID, Boolean> ended = new LinkedHashMap<>();
    private boolean leaving;

    /**
     * @param clock runs what is timed, on any thread
     * @param executor runs one action at a time, in order; refuses actions once it has ended
     * @param dialer opens connections
     */
    public Peers(ControlPlaneHost host, Scheduler clock, Executor executor, Dialer dialer, Limits limits) {
        this.host = host;
        this.timers = new Timers(clock, executor);
        this.dialer = dialer;
        this.limits = limits;
        this.complaints = new Complaints(timers);
        this.events = new PeerEvents(timers, this::current);
        this.heartbeats = new Heartbeats(timers, sessions::values);
        this.self = host.self().node();
        if (!host.heartbeatInterval().isZero()) {
            heartbeats.start(host.heartbeatInterval());
        }
    }

    /** Emitted on the control executor. */
    public Flux<PeerEvent> events() {
        return events;
    }

    /** Keeps a connection to the node. */
    public void connect(UUID node) {
        if (node.equals(self)) {
            return;
        }
        timers.execute(() -> {
            if (!leaving && !ended.containsKey(node)) {
                session(node).want();
            }
        });
    }

    /**
     * Tells all peers.
     *
     * @throws IllegalArgumentException if the name is too long for a frame
     */
    public void readiness(String stream, boolean ready, String reason) {
        int bytes = stream.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > Protocol.MAX_STREAM_BYTES) {
            throw new IllegalArgumentException(
                    "stream name must be 1 to " + Protocol.MAX_STREAM_BYTES + " bytes of UTF-8: it is " + bytes);
        }
        timers.execute(() -> {
            if (ready && readyHere.size() == limits.streamsPerPeer() && !readyHere.contains(stream)) {
                complaints.warn("peers take no more than " + limits.streamsPerPeer()
                        + " streams ready at a time: they are not told of \"" + stream + "\"");
            } else if (ready ? readyHere.add(stream) : readyHere.remove(stream)) {
                sessions.values().forEach(session -> session.announce(stream, reason));
            }
        });
    }

    /** Asks the node to look at its rings, if there is a connection. */
    public void wake(UUID node) {
        PeerSession session = sessions.get(node);
        if (session != null) {
            session.wake();
        }
    }

    /** Heartbeats at this interval or a shorter one, until the handle is disposed of. */
    public Disposable startHeartbeat(Duration interval) {
        return heartbeats.start(interval);
    }

    /** A connection that another node opens. */
    public Link accept() {
        Link link = new Link(this, null);
        accepted.add(link);
        return link;
    }

    /** Says goodbye to all. From here on connections are refused and nothing is told any more. */
    public void leave(String reason) {
        leaving = true;
        heartbeats.stop();
        Frame.Goodbye goodbye = new Frame.Goodbye(reason);
        sessions.values().forEach(session -> session.leave(goodbye));
        sessions.clear();
        events.complete();
    }

    // ---- what sessions and links need

    ControlPlaneHost host() {
        return host;
    }

    Timers timers() {
        return timers;
    }

    Limits limits() {
        return limits;
    }

    Complaints complaints() {
        return complaints;
    }

    UUID self() {
        return self;
    }

    Set<String> readyHere() {
        return readyHere;
    }

    /** Null while there are none. */
    @Nullable
    Duration heartbeatInterval() {
        return heartbeats.interval();
    }

    /** The next question of a session is due at another time than before. */
    void beatsMoved() {
        heartbeats.reschedule();
    }

    PeerSession session(UUID node) {
        return sessions.computeIfAbsent(node, n -> new PeerSession(this, n));
    }

    void dial(UUID node, Link link) {
        dialer.dial(node, link);
    }

    void ended(Link link) {
        accepted.remove(link);
    }

    /** Why a node that introduces itself is not accepted, or null. */
    Frame.@Nullable Refused objection(Frame.Hello hello) {
        UUID from = hello.from().node();
        if (leaving) {
            return new Frame.Refused(Refusal.CLOSING, "node " + self + " is closing");
        }
        if (!hello.to().equals(self)) {
            return new Frame.Refused(Refusal.UNKNOWN, "this is node " + self + " and not " + hello.to());
        }
        if (from.equals(self) || ended.containsKey(from)) {
            return new Frame.Refused(Refusal.UNKNOWN, "node " + from + " has left or died; come back under a new id");
        }
        if (accepted.size() > limits.connections()) {
            return new Frame.Refused(Refusal.FULL, "node " + self + " takes " + limits.connections() + " connections");
        }
        return null;
    }

    void emit(@Nullable PeerEvent event) {
        if (event != null) {
            events.emit(event);
        }
    }

    /** A session ended: by goodbye or by a proven death. */
    void gone(PeerSession session, boolean wasConnected) {
        sessions.remove(session.node());
        if (wasConnected) {
            ended.put(session.node(), Boolean.TRUE);
            if (ended.size() > REMEMBERED_ENDS) {
                ended.remove(ended.keySet().iterator().next());
            }
        }
        try {
            host.peerGone(session.node());
        } catch (RuntimeException e) {
            complaints.hostFailed("free what " + session + " held", e);
        }
    }

    boolean isAlive(UUID node) {
        try {
            return host.isAlive(node);
        } catch (RuntimeException e) {
            complaints.hostFailed("find out whether node " + node + " lives", e);
            return true;
        }
    }

    void wokenUp() {
        try {
            host.wakeUp();
        } catch (RuntimeException e) {
            complaints.hostFailed("wake its poll loops", e);
        }
    }

    long lagBehind(UUID node) {
        try {
            return Math.max(0, host.lagBehind(node));
        } catch (RuntimeException e) {
            complaints.hostFailed("tell its lag", e);
            return 0;
        }
    }

    double ringFill(UUID node) {
        try {
            double fill = host.ringFill(node);
            return fill >= 0 ? Math.min(fill, 1) : 0;
        } catch (RuntimeException e) {
            complaints.hostFailed("tell how full its rings are", e);
            return 0;
        }
    }

    private List<PeerEvent> current() {
        List<PeerEvent> holding = new ArrayList<>();
        sessions.values().forEach(session -> session.describe(holding));
        return holding;
    }
}
