package io.reactiveipc.examples.bridge.web;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Ends the open responses when the application stops, before the web server waits for them. */
@Component
class Drain implements SmartLifecycle {
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private volatile boolean running;

    /** The same elements, to complete when the application begins to stop. */
    <T> Flux<T> ending(Flux<T> source) {
        return source.takeUntilOther(begun.asMono());
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        begun.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE; // the last to start and the first to stop
    }
}
