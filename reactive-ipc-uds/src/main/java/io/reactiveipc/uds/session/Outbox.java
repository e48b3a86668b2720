package io.reactiveipc.uds.session;

import io.reactiveipc.uds.protocol.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What one peer is told of this node: readiness and wake-ups. Both are levels, so what a connection has no room for, or what
 * is more than a peer takes in a second, waits here as one entry per stream and one wake-up, and not as a queue of frames. On
 * the control executor only, except {@link #wake}.
 */
final class Outbox {
    /** With the frames of a new connection and those of two neighbouring seconds, less than a peer's limit. */
    private static final int ANNOUNCEMENTS_PER_SECOND = 2_500;

    private static final int WAKES_PER_SECOND = 40_000;

    private final Peers peers;
    private final Timers timers;
    private final Allowance announcements;
    private final Allowance wakes;
    /** Streams whose level is to be told, with the reason to give if it is not ready. */
    private final Map<String, String> untold = new LinkedHashMap<>();

    private final AtomicBoolean wakeAsked = new AtomicBoolean();
    private boolean wakeUntold;
    private @Nullable Link link;
    private Disposable retry = Disposables.disposed();

    Outbox(Peers peers) {
        this.peers = peers;
        this.timers = peers.timers();
        this.announcements = new Allowance(ANNOUNCEMENTS_PER_SECOND, timers.nanos());
        this.wakes = new Allowance(WAKES_PER_SECOND, timers.nanos());
    }

    /** A new connection: tells all that is ready. */
    void connected(Link newer) {
        link = newer;
        untold.clear();
        peers.readyHere().forEach(stream -> newer.send(new Frame.Ready(stream)));
        newer.send(new Frame.Synced());
        tellWake();
    }

    void disconnected() {
        link = null;
        untold.clear();
        retry.dispose();
    }

    void announce(String stream, String reason) {
        if (link != null) {
            untold.put(stream, reason);
            tellReadiness();
        }
    }

    /** The connection has room again. */
    void flush() {
        tellReadiness();
        tellWake();
    }

    /** From any thread. Calls between two turns of the executor are one. */
    void wake() {
        if (wakeAsked.compareAndSet(false, true)) {
            timers.execute(() -> {
                // Before the frame is sent: whoever asks from here on may be too late for it.
                wakeAsked.set(false);
                wakeUntold = true;
                tellWake();
            });
        }
    }

    private void tellReadiness() {
        while (!untold.isEmpty() && link != null && link.canSend()) {
            if (!announcements.take(timers.nanos())) {
                flushWhenAllowed(announcements);
                return;
            }
            String stream = untold.keySet().iterator().next();
            String reason = untold.remove(stream);
            link.send(
                    peers.readyHere().contains(stream) ? new Frame.Ready(stream) : new Frame.NotReady(stream, reason));
        }
    }

    private void tellWake() {
        // One at a time: while one has not left, the peer has nothing to gain from a second.
        if (wakeUntold && link != null && link.canSend() && link.flushed()) {
            if (wakes.take(timers.nanos())) {
                wakeUntold = false;
                link.send(new Frame.Wake());
            } else {
                flushWhenAllowed(wakes);
            }
        }
    }

    private void flushWhenAllowed(Allowance allowance) {
        retry.dispose();
        retry = timers.after(allowance.renewsIn(timers.nanos()), this::flush);
    }
}
