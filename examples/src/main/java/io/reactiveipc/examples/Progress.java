package io.reactiveipc.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** How far a process is in a phase, as it tells the demo several times a second on a line of its standard output. */
record Progress(Phase phase, long messages) {
    private static final String WORD = "progress";
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** Prints the tally's progress whenever it has moved, until disposed. */
    static Disposable print(Phase phase, Tally tally, PrintStream out) {
        return Flux.interval(INTERVAL)
                .onBackpressureDrop()
                .map(tick -> tally.messages())
                .distinctUntilChanged()
                .subscribe(messages -> out.println(new Progress(phase, messages).toLine()));
    }

    String toLine() {
        return WORD + " " + phase.word() + " " + messages;
    }

    /** The progress on that line, if it is one. */
    static Optional<Progress> parse(String line) {
        String[] words = line.split(" ");
        return words.length == 3 && words[0].equals(WORD)
                ? Optional.of(new Progress(Phase.of(words[1]), Long.parseLong(words[2])))
                : Optional.empty();
    }
}
