package io.reactiveipc.process;

import io.reactiveipc.PeerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * What a Flux of peer events told, written down in words: {@code Connected:name}, {@code Ready:name/stream}, {@code
 * NotReady:name/stream(reason)}, {@code Left:name(reason)}, else {@code Kind:name}.
 */
public final class PeerLog {
    private final List<PeerEvent> changes = new ArrayList<>();
    private long heartbeats;
    private String end = "";

    private PeerLog() {}

    public static PeerLog of(Flux<PeerEvent> events) {
        PeerLog log = new PeerLog();
        events.subscribe(log::add, error -> log.end(error.toString()), () -> log.end("complete"));
        return log;
    }

    private synchronized void add(PeerEvent event) {
        if (event instanceof PeerEvent.Heartbeat) {
            heartbeats++;
        } else {
            changes.add(event);
        }
        notifyAll();
    }

    private synchronized void end(String how) {
        end = how;
        notifyAll();
    }

    /** All but the heartbeats, in order. */
    public synchronized List<String> changes() {
        return changes.stream().map(PeerLog::word).toList();
    }

    /** Waits until the word was written down as often. */
    public synchronized void await(String word, int times) throws InterruptedException {
        while (changes.stream().filter(event -> word(event).equals(word)).count() < times) {
            waitForMore(word);
        }
    }

    private void waitForMore(String what) throws InterruptedException {
        if (!end.isEmpty()) {
            throw new AssertionError("ended (" + end + ") before " + what + ": " + changes());
        }
        try {
            wait();
        } catch (InterruptedException e) {
            // The watchdog: what came instead is the only trace.
            System.out.println("still waiting for " + what + "; seen so far: " + changes());
            throw e;
        }
    }

    /**
     * {@code log}: the words, a line each; {@code times}: when each was noticed, in milliseconds since the epoch; {@code silence} of the
     * last Stale and {@code heartbeats}.
     */
    synchronized void report(Map<String, String> into) {
        into.put("log", String.join("\n", changes()));
        into.put(
                "times",
                changes.stream()
                        .map(event -> Long.toString(event.time().toEpochMilli()))
                        .collect(Collectors.joining("\n")));
        into.put("heartbeats", Long.toString(heartbeats));
        into.put("end", end);
        PeerEvent.Stale stale = lastStale();
        if (stale != null) {
            into.put("silence", Long.toString(stale.silence().toMillis()));
        }
    }

    private PeerEvent.@Nullable Stale lastStale() {
        PeerEvent.Stale last = null;
        for (PeerEvent event : changes) {
            last = event instanceof PeerEvent.Stale stale ? stale : last;
        }
        return last;
    }

    private static String word(PeerEvent event) {
        String name = event.peer().name();
        if (event instanceof PeerEvent.Ready ready) {
            return "Ready:" + name + "/" + ready.stream();
        }
        if (event instanceof PeerEvent.NotReady notReady) {
            return "NotReady:" + name + "/" + notReady.stream() + "(" + notReady.reason() + ")";
        }
        if (event instanceof PeerEvent.Left left) {
            return "Left:" + name + "(" + left.reason() + ")";
        }
        return event.getClass().getSimpleName() + ":" + name;
    }
}
