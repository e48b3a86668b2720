package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.protocol.FailureCode;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What this node knows of one peer incarnation. On the control executor only, except {@link #wake}.
 *
 * <pre>
 * state      on                                goes to    and
 * SEEKING    timer, the node lives             SEEKING    dials, if it is wanted and not being dialled
 *            timer, the node is dead           FORGOTTEN  host.peerGone
 *            handshake                         CONNECTED  Connected; sends what is ready here
 *            REFUSED(CLOSING)                  FORGOTTEN  host.peerGone
 *            REFUSED for good                  REFUSED
 * REFUSED    timer, the node is dead           FORGOTTEN  host.peerGone
 *            handshake (it dialled)            CONNECTED  Connected; sends what is ready here
 * CONNECTED  READY, NOT_READY, SYNCED          CONNECTED  Ready, NotReady, if the level changed
 *            a question is not answered        STALE      Stale
 *            end of the connection             LOST
 *            GOODBYE                           LEFT       host.peerGone, then Left
 * STALE      any frame                         CONNECTED  Recovered
 *            heartbeat time, the node is dead  CRASHED    host.peerGone, then Crashed
 *            end of the connection, GOODBYE    as CONNECTED
 * LOST       timer, the node lives             LOST       dials, if it is wanted and not being dialled
 *            timer, the node is dead           CRASHED    host.peerGone, then Crashed
 *            heartbeat time, long silence      LOST       Stale, once
 *            handshake                         CONNECTED  Recovered, if it was stale; sends what is ready here
 *            GOODBYE, REFUSED(CLOSING)         LEFT       host.peerGone, then Left
 * any        this node closes                  FORGOTTEN  GOODBYE is sent
 * </pre>
 *
 * The timer of SEEKING and LOST runs at once, then after an eighth of the time since the connection ended, at least 10 ms and
 * at most 1 s: a liveness lock is free some time after the connection's end, longer the larger the dead process was.
 */
final class PeerSession {
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int PAUSE_FRACTION = 8;

    private final Peers peers;
    private final Timers timers;
    private final UUID node;
    private final Vitals vitals;
    private final PeerReadiness readiness = new PeerReadiness();
    private final Outbox outbox;
    private SessionState state = SessionState.SEEKING;
    private boolean wanted;
    private @Nullable Link link;
    private @Nullable Link dialling;
    private long seekingSince;
    private boolean punished;
    private long punishedUntil;
    private Disposable seekTimer = Disposables.disposed();
    private PeerEvent.@Nullable Connected connected;

    PeerSession(Peers peers, UUID node) {
        this.peers = peers;
        this.timers = peers.timers();
        this.node = node;
        this.seekingSince = timers.nanos();
        this.outbox = new Outbox(peers);
        this.vitals = new Vitals(peers, node);
    }

    UUID node() {
        return node;
    }

    private SessionState state() {
        return state == SessionState.CONNECTED && vitals.stale() != null ? SessionState.STALE : state;
    }

    /** Adds the events that still hold. */
    void describe(List<PeerEvent> events) {
        if (connected != null) {
            events.add(connected);
            events.addAll(readiness.current());
            PeerEvent.Stale stale = vitals.stale();
            if (stale != null) {
                events.add(stale);
            }
        }
    }

    // ---- finding it

    void want() {
        if (!wanted) {
            wanted = true;
            if (state == SessionState.SEEKING || state == SessionState.LOST) {
                seek();
            }
        }
    }

    /** Dials no sooner than in a second: the last connection ended for a reason that will not go away at once. */
    void punish() {
        punished = true;
        punishedUntil = timers.nanos() + MAX_PAUSE_NANOS;
    }

    private void seek() {
        seekTimer.dispose();
        if (!peers.isAlive(node)) {
            died(connected == null ? "" : "its connection ended without goodbye and its liveness lock is free");
            return;
        }
        long now = timers.nanos();
        if (wanted && dialling == null && !(punished && now - punishedUntil < 0)) {
            punished = false;
            dialling = new Link(peers, this);
            peers.dial(node, dialling);
        }
        // Dialling may have had its answer already.
        if (state == SessionState.SEEKING || state == SessionState.LOST || state == SessionState.REFUSED) {
            long pause = (now - seekingSince) / PAUSE_FRACTION;
            seekTimer = timers.after(Math.max(MIN_PAUSE_NANOS, Math.min(pause, MAX_PAUSE_NANOS)), this::seek);
        }
    }

    void refused(Refusal code, String text) {
        if (state.isFinal()) {
            return;
        }
        if (code == Refusal.CLOSING) {
            left("closing");
        } else if (code == Refusal.FULL) {
            peers.complaints().detail(this + " is full: " + text);
            punish();
        } else {
            peers.complaints()
                    .warn("no events of " + this + ", it refuses the control connection: " + code + ", " + text);
            wanted = false;
            if (state == SessionState.SEEKING) {
                state = SessionState.REFUSED;
            }
        }
    }

    // ---- its connection

    void established(Link newer, PeerInfo peer) {
        if (dialling == newer) {
            dialling = null;
        }
        if (state.isFinal()) {
            newer.close(null);
            return;
        }
        Link older = link;
        if (older != null && staysWith(older, newer)) {
            newer.close(null);
            return;
        }
        link = newer;
        if (older != null) {
            older.close(null);
        }
        seekTimer.dispose();
        state = SessionState.CONNECTED;
        if (connected == null) {
            connected = new PeerEvent.Connected(peer, timers.time());
            peers.emit(connected);
        }
        vitals.connected(connected.peer());
        peers.beatsMoved();
        readiness.connected();
        outbox.connected(newer);
    }

    /** Of two connections both ends keep the one that the node of the lower id dialled, and of two of one dialler the newer. */
    private boolean staysWith(Link older, Link newer) {
        boolean dialledByLower = peers.self().compareTo(node) < 0;
        return older.dialled() != newer.dialled() && older.dialled() == dialledByLower;
    }

    void ended(Link which) {
        if (dialling == which) {
            dialling = null;
        }
        if (link == which) {
            link = null;
            vitals.stop();
            outbox.disconnected();
            if (!state.isFinal()) {
                state = SessionState.LOST;
                seekingSince = timers.nanos();
                seek();
            }
        }
    }

    void received(Link from, Frame frame) {
        if (state.isFinal()) {
            return;
        }
        if (frame instanceof Frame.Goodbye goodbye) {
            left(goodbye.reason());
            return;
        }
        if (from != link) {
            return;
        }
        vitals.heard(peer());
        if (frame instanceof Frame.Ready ready) {
            if (readiness.count() == peers.limits().streamsPerPeer() && !readiness.has(ready.stream())) {
                from.fail(
                        FailureCode.LIMIT, "more than " + peers.limits().streamsPerPeer() + " streams ready at a time");
                return;
            }
            peers.emit(readiness.ready(peer(), timers.time(), ready.stream()));
        } else if (frame instanceof Frame.NotReady notReady) {
            peers.emit(readiness.notReady(peer(), timers.time(), notReady.stream(), notReady.reason()));
        } else if (frame instanceof Frame.Synced) {
            readiness.synced(peer(), timers.time()).forEach(peers::emit);
        } else if (frame instanceof Frame.Heartbeat question) {
            if (vitals.answer(peer(), from, question, peers.heartbeatInterval())) {
                peers.beatsMoved();
            }
        } else if (frame instanceof Frame.HeartbeatAck answer) {
            vitals.answered(peer(), answer);
        } else if (frame instanceof Frame.Wake) {
            peers.wokenUp();
        }
    }

    private PeerInfo peer() {
        return Objects.requireNonNull(connected, "a frame before the handshake").peer();
    }

    // ---- its signs of life

    void startRound() {
        vitals.startRound();
    }

    /** How long it is until the next heartbeat; {@link Heartbeats#NEVER} if there is nobody to ask. */
    long beatDueIn(Duration interval) {
        return connected == null ? Heartbeats.NEVER : vitals.dueIn(interval);
    }

    /** Time for a heartbeat. */
    void beat(Duration interval) {
        PeerEvent.Connected met = Objects.requireNonNull(connected, "a heartbeat before the handshake");
        if (state() == SessionState.STALE && !peers.isAlive(node)) {
            died("it did not answer and its liveness lock is free");
        } else {
            vitals.ask(met.peer(), link, interval);
        }
    }

    /** Does not count time in which this process was stopped. */
    void forgive(long nanos) {
        vitals.forgive(nanos);
    }

    // ---- what it is told

    void announce(String stream, String reason) {
        outbox.announce(stream, reason);
    }

    void writable(Link which) {
        if (which == link) {
            outbox.flush();
        }
    }

    /** From any thread. */
    void wake() {
        outbox.wake();
    }

    // ---- its end

    private void left(String reason) {
        end(connected == null ? SessionState.FORGOTTEN : SessionState.LEFT, true);
        if (connected != null) {
            peers.emit(new PeerEvent.Left(connected.peer(), timers.time(), reason));
        }
    }

    private void died(String evidence) {
        end(connected == null ? SessionState.FORGOTTEN : SessionState.CRASHED, true);
        if (connected != null) {
            peers.emit(new PeerEvent.Crashed(connected.peer(), timers.time(), evidence));
        }
    }

    /** This node leaves. */
    void leave(Frame.Goodbye goodbye) {
        if (link != null) {
            link.leave(goodbye);
            link = null;
        }
        if (dialling != null) {
            dialling.leave(goodbye);
            dialling = null;
        }
        end(SessionState.FORGOTTEN, false);
    }

    private void end(SessionState last, boolean gone) {
        state = last;
        seekTimer.dispose();
        vitals.stop();
        outbox.disconnected();
        if (gone) {
            peers.gone(this, connected != null);
        }
        if (link != null) {
            link.close(null);
        }
        if (dialling != null) {
            dialling.close(null);
        }
    }

    @Override
    public String toString() {
        return connected == null ? "node " + node : connected.peer().toString();
    }
}
