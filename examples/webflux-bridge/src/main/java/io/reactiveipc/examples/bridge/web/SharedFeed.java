package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcSubscription;
import io.reactiveipc.examples.bridge.Snapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one subscription to the ring, shared by all browsers. It reads as fast as the process writes, whether there are browsers or
 * not and whatever they do: a browser that reads slowly misses frames, and the process never waits for one.
 */
@Component
class SharedFeed implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFeed.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private final IpcSubscription<Snapshot> subscription;
    private final JsonMapper mapper;
    private final Scheduler thread = Schedulers.newSingle("shared-feed", true);
    private final Sinks.Many<Frame> latest = Sinks.many().replay().latest();
    private final AtomicReference<@Nullable Snapshot> last = new AtomicReference<>();
    private final AtomicInteger browsers = new AtomicInteger();
    private final LongAdder frames = new LongAdder();
    private final LongAdder conflated = new LongAdder();
    private final Disposable reading;

    SharedFeed(IpcSubscription<Snapshot> subscription, JsonMapper mapper) {
        this.subscription = subscription;
        this.mapper = mapper;
        reading = subscription
                .receive()
                .publishOn(thread) // fuses: this thread reads the ring itself
                .map(this::frame)
                .repeat() // a process that ended in order is followed by the next one
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                        .maxBackoff(LAST_RETRY)
                        .transientErrors(true)
                        .doBeforeRetry(signal -> LOG.warn("the feed failed, and is tried again", signal.failure())))
                .subscribe(this::publish);
    }

    private Frame frame(Snapshot snapshot) {
        return new Frame(snapshot, mapper.writeValueAsString(snapshot));
    }

    private void publish(Frame frame) {
        last.set(frame.snapshot());
        frames.increment();
        latest.tryEmitNext(frame);
    }

    /** The frames from the latest one on, for one browser: those that it has no time for are skipped. */
    Flux<Frame> frames() {
        return conflate(latest.asFlux())
                .doOnSubscribe(s -> browsers.incrementAndGet())
                .doFinally(s -> browsers.decrementAndGet());
    }

    /**
     * The one place that decides how a slow browser is served. It is not the ring's {@code delivery(LATEST)}: that is for a whole
     * process which is slow. A ring has 64 places and there may be more browsers, and each would decode every snapshot.
     */
    private Flux<Frame> conflate(Flux<Frame> all) {
        return all.onBackpressureLatest().doOnDiscard(Frame.class, frame -> conflated.increment());
    }

    /** What came last, if anything did. */
    @Nullable
    Snapshot last() {
        return last.get();
    }

    IpcSubscription<Snapshot> subscription() {
        return subscription;
    }

    /** How many browsers listen. */
    int browsers() {
        return browsers.get();
    }

    /** How many frames came. */
    long received() {
        return frames.sum();
    }

    /** How many frames browsers missed because they were slow, all browsers together. */
    long conflated() {
        return conflated.sum();
    }

    @Override
    public void destroy() {
        reading.dispose();
        thread.dispose();
    }
}
