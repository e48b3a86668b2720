package io.reactiveipc.internal.send;

import io.reactiveipc.Claim;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.PublishResult;
import io.reactiveipc.PublishResult.Outcome;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.node.PeerLink;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingProducer;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * One ring to write, as its user sees it: the top floor of a publication. {@code WriterQueue} below says whose turn it is, and
 * {@code MessageEncoder} takes a message into the ring.
 */
public final class RingPublication<T> extends WriterQueue<T> implements IpcPublication<T> {
    private final PeerLink peers;
    private final Consumer<RingPublication<?>> onEnded;
    private final RingClaim claim = new RingClaim(this);
    private final Sinks.Many<PeerEvent> evictions = Sinks.many().multicast().directBestEffort();

    /**
     * @param ring the ring, which this publication now owns
     * @param onEnded told once, when the publication has ended
     */
    public RingPublication(
            StreamSpec<T> spec,
            RingProducer ring,
            PollLoop loop,
            PeerLink peers,
            Consumer<RingPublication<?>> onEnded) {
        super(spec, ring, loop);
        this.peers = peers;
        this.onEnded = onEnded;
        ring.onEviction(this::evicted);
    }

    // ---- one message ------------------------------------------------------------------------------------------------

    @Override
    public Sinks.EmitResult tryEmit(T value) {
        Objects.requireNonNull(value, "value");
        int other = tryEnter(CALLER);
        if (other != NOBODY) {
            return inTheWay(other);
        }
        try {
            if (hasEnded()) {
                return Sinks.EmitResult.FAIL_TERMINATED;
            }
            return othersWait() ? Sinks.EmitResult.FAIL_OVERFLOW : emitResult(attempt(value));
        } finally {
            leave();
        }
    }

    private static Sinks.EmitResult emitResult(Outcome outcome) {
        return switch (outcome) {
            case WRITTEN -> Sinks.EmitResult.OK;
            case NO_SUBSCRIBER -> Sinks.EmitResult.FAIL_ZERO_SUBSCRIBER;
            case NO_ROOM, TOO_EARLY -> Sinks.EmitResult.FAIL_OVERFLOW;
        };
    }

    /** The poll loop is inside for writers that wait, so whoever comes now comes behind them. */
    private Sinks.EmitResult inTheWay(int other) {
        if (hasEnded()) {
            return Sinks.EmitResult.FAIL_TERMINATED;
        }
        return other == LOOP ? Sinks.EmitResult.FAIL_OVERFLOW : Sinks.EmitResult.FAIL_NON_SERIALIZED;
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        if (!tryEnter()) {
            if (hasEnded()) {
                throw closed();
            }
            return null;
        }
        boolean claimed = false;
        try {
            if (hasEnded()) {
                throw closed();
            }
            if (othersWait() || refusedByPolicy() != null) {
                return null;
            }
            int index = ring.tryClaim(length);
            if (index == RingProducer.FULL) {
                return null;
            }
            claim.open(ring, index, length);
            claimed = true;
            return claim;
        } finally {
            if (!claimed) {
                leave();
            }
        }
    }

    // ---- waiting for room -------------------------------------------------------------------------------------------

    @Override
    public Mono<Void> emit(T value) {
        Objects.requireNonNull(value, "value");
        return Mono.create(sink -> submit(OneMessage.emit(this, value, sink)));
    }

    @Override
    public Mono<PublishResult> publish(T value) {
        Objects.requireNonNull(value, "value");
        return Mono.create(sink -> submit(OneMessage.publish(this, value, sink)));
    }

    @Override
    public Mono<Void> send(Publisher<? extends T> source) {
        Objects.requireNonNull(source, "source");
        Flux<? extends T> flux = Flux.from(source);
        return Mono.create(sink -> {
            SendSubscriber<T> subscriber = new SendSubscriber<>(this, ring, sink);
            sink.onCancel(subscriber::cancelSource);
            flux.subscribe(subscriber);
        });
    }

    @Override
    public Mono<Void> complete() {
        return Mono.create(sink -> submit(new EndMarker(this, EndOfStream.COMPLETE, sink)));
    }

    @Override
    public Mono<Void> error(Throwable error) {
        Objects.requireNonNull(error, "error");
        return Mono.create(sink -> submit(new EndMarker(this, EndOfStream.error(error), sink)));
    }

    @Override
    public void dispose() {
        endSoon();
    }

    @Override
    public boolean isDisposed() {
        return hasEnded();
    }

    @Override
    void onEnd() {
        evictions.tryEmitComplete();
        onEnded.accept(this);
    }

    // ---- subscribers ------------------------------------------------------------------------------------------------

    @Override
    public Mono<Void> awaitSubscribers(int count) {
        if (count < 0 || count > spec.definition().maxSubscribers()) {
            throw new IllegalArgumentException("count must be 0 to maxSubscribers, which is "
                    + spec.definition().maxSubscribers() + " for stream \"" + stream() + "\": " + count);
        }
        return Mono.defer(() ->
                hasEnded() ? Mono.error(closed()) : conditions.await(() -> ring.subscriberCount() >= count, false));
    }

    @Override
    public Mono<Void> drained() {
        return Mono.defer(() -> {
            long written = ring.position();
            return conditions.await(() -> ring.isDrainedTo(written), true);
        });
    }

    @Override
    public int subscriberCount() {
        return ring.subscriberCount();
    }

    @Override
    public long freeBytes() {
        return ring.freeBytes();
    }

    @Override
    public long capacityBytes() {
        return ring.capacity();
    }

    @Override
    public long messages() {
        return ring.messages();
    }

    @Override
    public long position() {
        return ring.position();
    }

    @Override
    public Flux<PeerEvent> events() {
        return peers.eventsOfSubscribers(stream())
                .mergeWith(evictions.asFlux().onBackpressureBuffer().publishOn(Schedulers.parallel()));
    }

    /** Inside the turnstile: the events are handed to their subscribers elsewhere. */
    private void evicted(PeerInfo peer) {
        evictions.tryEmitNext(new PeerEvent.Evicted(
                peer,
                Instant.now(),
                stream(),
                spec.definition().publishing().overflow().patience()));
    }

    // ---- identity ---------------------------------------------------------------------------------------------------

    @Override
    public Sinks.Many<T> asSink() {
        return new PublicationSink<>(this);
    }

    @Override
    public String stream() {
        return spec.name();
    }

    @Override
    public String sessionId() {
        return ring.sessionId();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.TERMINATED) {
            return hasEnded();
        }
        if (key == Attr.CAPACITY) {
            return ring.capacity();
        }
        return key == Attr.NAME ? stream() : null;
    }

    @Override
    public String toString() {
        return "IpcPublication(" + stream() + ", session " + sessionId() + ")";
    }
}
