package io.reactiveipc.benchmarks;

import java.util.List;
import java.util.Locale;

/** How contenders take turns within a repeat. */
enum Turns {
    /** One is started, measured and ended, then comes the next. */
    MEASUREMENT("contenders were measured one after the other"),

    /**
     * All are started; then each has a tenth of a second in which the others stand still, over and over. What a tenth of a
     * second finds can be compared with what the next one finds even where the machine's speed changes by the second. Those
     * that are to be silent are so all at once.
     */
    ROUND("contenders of a row ran at the same time, 0.1 s each in turns, paced ones 0.4 s, silent ones all at once;"
            + " ratios are taken turn by turn;"
            + " the usual distance is that at which the cores were as the turns of a row began");

    private final String description;

    Turns(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /** Who is measured together, in which order. */
    List<List<Contender>> heats(List<Contender> contenders) {
        if (this == ROUND && !contenders.isEmpty()) {
            return List.of(contenders);
        }
        return contenders.stream().map(List::of).toList();
    }

    static Turns named(String label) {
        return CompareOptions.named("turns", label, List.of(values()), Turns::label);
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
