package io.reactiveipc.spring.boot;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** Looks again and again at what other threads change, until it is as it should be. */
final class Eventually {
    private Eventually() {}

    static <T> T see(Supplier<T> look, Predicate<T> right) {
        return Flux.interval(Duration.ZERO, Duration.ofMillis(5))
                .onBackpressureDrop()
                .concatMap(tick -> Flux.just(look.get()), 1)
                .filter(right)
                .blockFirst(Duration.ofSeconds(20));
    }
}
