package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcPublication;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Opens the application's streams before the web server accepts requests, and, after it has stopped, waits for subscribers to
 * take what was published. The node stays open for those that have a last word to say; it is closed with the other beans,
 * which ends its streams.
 */
final class IpcLifecycle implements SmartLifecycle {
    private static final Logger LOG = Loggers.getLogger(IpcLifecycle.class);

    private final StreamBeans streams;
    private final Duration drainTimeout;
    private volatile List<IpcPublication<?>> publications = List.of();
    private volatile boolean running;

    IpcLifecycle(StreamBeans streams, Duration drainTimeout) {
        this.streams = streams;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public void start() {
        publications = List.copyOf(streams.publications().values());
        streams.subscriptions();
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        Flux.fromIterable(publications)
                .filter(publication -> !drainTimeout.isZero() && !publication.isDisposed())
                .flatMap(this::drain)
                .then()
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    private Mono<Void> drain(IpcPublication<?> publication) {
        return publication.drained().timeout(drainTimeout).onErrorResume(e -> {
            LOG.warn(
                    "publication of stream {}: not all subscribers have taken what was published after {}; up to {} bytes"
                            + " stay readable for as long as they are attached",
                    publication.stream(),
                    drainTimeout,
                    publication.capacityBytes() - publication.freeBytes());
            return Mono.empty();
        });
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Pausing a context, which a test does with one that it may use again, is no reason to wait for subscribers. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return IpcAutoConfiguration.LIFECYCLE_PHASE;
    }
}
