package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.protocol.Frame;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Asks one peer for signs of life, answers its questions, and tells when it falls silent and when it speaks again.
 *
 * <p>Of two nodes that ask each other, one leads: the other asks back along with its answers, so that each time wakes
 * either of them twice and not three times. It is whoever asks when the other's last question is half an interval old; so
 * that they do not both ask first for ever, the one of the higher id gives way.
 */
final class Vitals {
    private final Peers peers;
    private final Timers timers;
    private final UUID node;
    private final boolean givesWay;
    private final Pulse pulse = new Pulse();
    private Disposable silenceTimer = Disposables.disposed();
    private PeerEvent.@Nullable Stale stale;

    Vitals(Peers peers, UUID node) {
        this.peers = peers;
        this.timers = peers.timers();
        this.node = node;
        this.givesWay = peers.self().compareTo(node) > 0;
    }

    /** The silence that was told of, and not its end. */
    PeerEvent.@Nullable Stale stale() {
        return stale;
    }

    /** A new connection. */
    void connected(PeerInfo peer) {
        heard(peer);
        pulse.restart();
        startRound();
    }

    void stop() {
        silenceTimer.dispose();
    }

    /** Any frame is a sign of life. */
    void heard(PeerInfo peer) {
        long now = timers.nanos();
        if (stale != null) {
            stale = null;
            peers.emit(new PeerEvent.Recovered(peer, timers.time(), Duration.ofNanos(pulse.silence(now))));
        }
        pulse.heard(now);
    }

    /** The next question is due in an interval, or a little more. */
    void startRound() {
        pulse.startRound(timers.nanos(), givesWay);
    }

    long dueIn(Duration interval) {
        return pulse.dueIn(interval.toNanos(), timers.nanos());
    }

    void ask(PeerInfo peer, @Nullable Link link, Duration interval) {
        long now = timers.nanos();
        if (link != null && link.canSend()) {
            link.send(new Frame.Heartbeat(pulse.asked(now), peers.lagBehind(node), peers.ringFill(node)));
        }
        // Also without a connection, or with one that takes nothing more: that is silence too.
        pulse.expectAnswer(now);
        pulse.startRound(now, false);
        judge(peer, interval);
    }

    /**
     * @param interval of this node's own questions, or null if it asks none
     * @return whether the next question of this node is due at another time now
     */
    boolean answer(PeerInfo peer, Link link, Frame.Heartbeat question, @Nullable Duration interval) {
        if (!link.canSend()) {
            return false;
        }
        long now = timers.nanos();
        long lag = peers.lagBehind(node);
        double fill = peers.ringFill(node);
        Frame.HeartbeatAck ack = new Frame.HeartbeatAck(question.sequence(), lag, fill);
        if (interval == null || pulse.roundAge(now) < interval.toNanos() / 2) {
            link.send(ack);
            return givesWay && pulse.follow();
        }
        link.send(ack, new Frame.Heartbeat(pulse.asked(now), lag, fill));
        pulse.expectAnswer(now);
        pulse.startRound(now, true);
        judge(peer, interval);
        return true;
    }

    void answered(PeerInfo peer, Frame.HeartbeatAck answer) {
        if (peers.heartbeatInterval() != null && pulse.knows(answer.sequence())) {
            peers.emit(new PeerEvent.Heartbeat(
                    peer,
                    timers.time(),
                    answer.sequence(),
                    Duration.ofNanos(pulse.roundTrip(answer.sequence(), timers.nanos())),
                    answer.lagBytes(),
                    answer.ringFill()));
        }
    }

    /** Does not count time in which this process was stopped. */
    void forgive(long nanos) {
        pulse.forgive(nanos);
    }

    private void judge(PeerInfo peer, Duration interval) {
        silenceTimer.dispose();
        long limit = peers.host().staleAfter().toNanos();
        if (stale != null || limit <= 0 || !pulse.expectsAnswer()) {
            return;
        }
        long now = timers.nanos();
        long left = limit - pulse.unansweredFor(now);
        if (left <= 0) {
            stale = new PeerEvent.Stale(peer, timers.time(), Duration.ofNanos(pulse.silence(now)));
            peers.emit(stale);
        } else if (left < 2 * interval.toNanos()) {
            // Due before the next question may be.
            silenceTimer = timers.after(left, () -> judgeOnTime(peer, interval, now + left));
        }
    }

    private void judgeOnTime(PeerInfo peer, Duration interval, long dueAt) {
        if (peers.heartbeatInterval() != null) {
            long late = timers.nanos() - dueAt;
            if (late > interval.toNanos()) {
                forgive(late);
            }
            judge(peer, interval);
        }
    }
}
