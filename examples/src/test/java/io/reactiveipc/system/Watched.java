package io.reactiveipc.system;

import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Line;
import io.reactiveipc.process.PeerLog;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A Flux of peer events in a child, as {@link PeerLog} writes it down. */
final class Watched {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ChildJvm child;
    private final String as = "watch " + COUNT.incrementAndGet();

    private Watched(ChildJvm child) {
        this.child = child;
    }

    /** @param what {@code node}, {@code publication} or {@code subscription}: whose events */
    static Watched of(ChildJvm child, String what) {
        Watched watched = new Watched(child);
        child.ask("watch", "what", what, "as", watched.as);
        return watched;
    }

    /** Waits for a word; returns when its event was noticed, in milliseconds since the epoch. */
    long until(String word) {
        return until(word, 1);
    }

    /** Waits until the word was told as often. */
    long until(String word, int times) {
        Line line = child.askUntil("events", told -> indexOf(told, word, times) >= 0, "as", as);
        return Long.parseLong(words(line, "times").get(indexOf(line, word, times)));
    }

    private static int indexOf(Line line, String word, int times) {
        List<String> log = words(line, "log");
        int seen = 0;
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).equals(word) && ++seen == times) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> words(Line line, String name) {
        return line.text(name).lines().toList();
    }

    /** All changes so far, in order. */
    List<String> changes() {
        return words(report(), "log");
    }

    /** How long the peer had been silent when it was last called stale, in milliseconds. */
    long silence() {
        return report().number("silence");
    }

    /** {@code complete} or an error, once the Flux has ended. */
    String end() {
        return report().text("end");
    }

    private Line report() {
        return child.ask("events", "as", as);
    }
}
