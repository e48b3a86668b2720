package io.reactiveipc.examples;

import io.reactiveipc.spi.WaitStrategy;
import java.util.Locale;

/** How a process waits for messages: the values of {@code --wait}. */
enum Waiting {
    ADAPTIVE(WaitStrategy.adaptive()),
    SPIN(WaitStrategy.busySpin()),
    BLOCKING(WaitStrategy.blocking());

    static final String OPTION = "--wait";

    private final WaitStrategy strategy;

    Waiting(WaitStrategy strategy) {
        this.strategy = strategy;
    }

    static Waiting of(Arguments arguments) {
        String asked = arguments.text(OPTION).orElse(ADAPTIVE.word());
        for (Waiting waiting : values()) {
            if (waiting.word().equals(asked)) {
                return waiting;
            }
        }
        throw new UsageException(OPTION + " must be adaptive, spin or blocking: \"" + asked + "\"");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    WaitStrategy strategy() {
        return strategy;
    }
}
