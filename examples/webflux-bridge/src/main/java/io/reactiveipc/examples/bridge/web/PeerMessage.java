package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.PeerEvent;
import java.util.Locale;

/**
 * An event of a peer, as browsers get it.
 *
 * @param what the event's name in small letters
 * @param at milliseconds since 1970
 * @param detail in words, or empty
 */
record PeerMessage(String what, long at, String name, long pid, String node, String detail) {
    static PeerMessage of(PeerEvent event) {
        return new PeerMessage(
                event.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                event.time().toEpochMilli(),
                event.peer().name(),
                event.peer().pid(),
                event.peer().node().toString(),
                detail(event));
    }

    private static String detail(PeerEvent event) {
        if (event instanceof PeerEvent.Ready ready) {
            return "reads " + ready.stream();
        }
        if (event instanceof PeerEvent.NotReady notReady) {
            return notReady.stream() + ": " + notReady.reason();
        }
        if (event instanceof PeerEvent.Gap gap) {
            return gap.stream() + ": missed " + (gap.lastMissing() - gap.firstMissing() + 1) + " messages";
        }
        if (event instanceof PeerEvent.Evicted evicted) {
            return "too slow a reader of " + evicted.stream();
        }
        if (event instanceof PeerEvent.Stale stale) {
            return "silent for " + stale.silence().toMillis() + " ms";
        }
        if (event instanceof PeerEvent.Recovered recovered) {
            return "after " + recovered.silence().toMillis() + " ms";
        }
        if (event instanceof PeerEvent.Left left) {
            return left.reason();
        }
        return event instanceof PeerEvent.Crashed crashed ? crashed.evidence() : "";
    }
}
