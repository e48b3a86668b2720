package io.reactiveipc.internal.send;

import io.reactiveipc.Claim;
import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.PublishResult;
import io.reactiveipc.PublishResult.Outcome;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.buffer.WriteView;
import io.reactiveipc.internal.node.PeerLink;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.internal.poll.Turnstile;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingProducer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * One ring to write. The turnstile admits one writer at a time: a caller of {@code tryEmit}, the holder of a claim, or the
 * head of the queue of waiting writers. While writers wait, newcomers queue behind them.
 *
 * <pre>
 * state    | entered by                        | tryEmit         | waiting writers
 * ---------+-----------------------------------+-----------------+---------------------------------
 * open     | creation                          | writes          | written as room appears
 * ended    | complete, error in their turn;    | FAIL_TERMINATED | refused with CLOSED
 *          | dispose as soon as nobody is inside |               |
 * </pre>
 */
public final class RingPublication<T> extends Turnstile implements IpcPublication<T>, PollLoop.Task {
    /** Waiting writers served in one visit of the poll loop. */
    private static final int RUN = 256;

    private static final long MIN_PATIENCE_NANOS = 1_000_000;

    private final StreamSpec<T> spec;
    private final Codec<T> codec;
    private final RingProducer ring;
    private final PollLoop loop;
    private final PeerLink peers;
    private final Consumer<RingPublication<?>> onEnded;
    private final WriteView view = new WriteView();
    private final RingClaim claim = new RingClaim(this);
    private final ConcurrentLinkedQueue<Writer> waiting = new ConcurrentLinkedQueue<>();
    private final List<Condition> conditions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean visited = new AtomicBoolean();
    private final Overflow.Kind overflow;
    private final PublishPolicy policy;
    private final boolean unrestricted;
    private final long patienceNanos;
    private final Sinks.Many<PeerEvent> evictions = Sinks.many().multicast().directBestEffort();

    // inside the turnstile
    private long writtenNanos;
    private boolean writtenOnce;

    private volatile boolean ended;
    private volatile boolean disposing;

    // poll loop only: what the ring looked like when its doorbell was armed
    private long armedFreeBytes;
    private int armedSubscribers;

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
        this.spec = spec;
        this.codec = spec.codec();
        this.ring = ring;
        this.loop = loop;
        this.peers = peers;
        this.onEnded = onEnded;
        this.overflow = spec.definition().publishing().overflow().kind();
        this.policy = spec.definition().publishing().policy();
        this.unrestricted = policy.kind() == PublishPolicy.Kind.ALWAYS;
        this.patienceNanos = overflow == Overflow.Kind.EVICT_SLOW
                ? Math.max(
                        MIN_PATIENCE_NANOS,
                        spec.definition().publishing().overflow().patience().toNanos() / 4)
                : Long.MAX_VALUE;
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
            if (ended) {
                return Sinks.EmitResult.FAIL_TERMINATED;
            }
            return waiting.isEmpty() ? emitResult(attempt(value)) : Sinks.EmitResult.FAIL_OVERFLOW;
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
        if (ended) {
            return Sinks.EmitResult.FAIL_TERMINATED;
        }
        return other == LOOP ? Sinks.EmitResult.FAIL_OVERFLOW : Sinks.EmitResult.FAIL_NON_SERIALIZED;
    }

    /**
     * Writes one message, for somebody who can wait for room. Inside the turnstile.
     *
     * @return false if there is no room, and it is to be waited for
     * @throws IllegalArgumentException if it is too long, {@link IpcException} if the codec throws, if the policy does not
     *     accept a message now, or if there is no room and that is to be an error; nothing was written
     */
    boolean write(T value) {
        Outcome outcome = attempt(value);
        if (outcome == Outcome.WRITTEN) {
            return true;
        }
        if (outcome == Outcome.NO_ROOM && waitsForRoom()) {
            return false;
        }
        throw refusal(outcome);
    }

    /** Whether what finds no room waits for it. */
    boolean waitsForRoom() {
        return overflow != Overflow.Kind.FAIL;
    }

    /** Why a message was not written, as an error. */
    IpcException refusal(Outcome outcome) {
        return switch (outcome) {
            case WRITTEN -> throw new IllegalArgumentException("it was written");
            case NO_ROOM ->
                new IpcException(
                        ErrorCode.OVERFLOW,
                        "stream \"" + stream()
                                + "\" has no room, and its overflow is to fail; nothing was written: emit it"
                                + " later, raise the capacity, or publish with overflow(WAIT)");
            case NO_SUBSCRIBER ->
                new IpcException(
                        ErrorCode.REFUSED,
                        "stream \"" + stream()
                                + "\" has no subscriber, and its policy asks for one; nothing was written:"
                                + " await one with awaitSubscribers(1)");
            case TOO_EARLY ->
                new IpcException(
                        ErrorCode.REFUSED,
                        "stream \"" + stream() + "\" takes one message in " + policy.interval()
                                + "; nothing was written: emit later, or for a Flux publish without the policy and send(source.sample(interval))");
        };
    }

    /** Encodes one message into the ring and commits it, if the policy accepts it and there is room. Inside the turnstile. */
    Outcome attempt(T value) {
        Outcome refused = unrestricted ? null : refusedByPolicy();
        if (refused != null) {
            return refused;
        }
        int length = encodedLength(value);
        int index = ring.tryClaim(length);
        if (index == RingProducer.FULL) {
            return Outcome.NO_ROOM;
        }
        int written;
        view.bind(ring.buffer(), index, length);
        try {
            written = codec.encode(value, view);
        } catch (InternalError e) {
            throw e; // of the mapping
        } catch (Throwable e) {
            throw codecFailure("encode failed", e);
        } finally {
            view.expire(RingClaim.OVER);
        }
        if (written < 0 || written > length) {
            throw codecFailure("encode returned " + written + " where encodedLength allowed 0 to " + length, null);
        }
        ring.commit(written);
        committed();
        return Outcome.WRITTEN;
    }

    /** One more message is in the ring. Inside the turnstile. */
    void committed() {
        if (!unrestricted) {
            writtenNanos = System.nanoTime();
            writtenOnce = true;
        }
    }

    private @Nullable Outcome refusedByPolicy() {
        return switch (policy.kind()) {
            case ALWAYS -> null;
            case WHEN_SUBSCRIBED -> ring.subscriberCount() == 0 ? Outcome.NO_SUBSCRIBER : null;
            case AT_MOST_EVERY ->
                writtenOnce
                                && System.nanoTime() - writtenNanos
                                        < policy.interval().toNanos()
                        ? Outcome.TOO_EARLY
                        : null;
        };
    }

    /** What became of a message that was attempted just now. Inside the turnstile. */
    PublishResult result(T value, Outcome outcome) {
        return new PublishResult(
                outcome, ring.subscriberCount(), outcome == Outcome.NO_ROOM ? ring.blockedBy(encodedLength(value)) : 0);
    }

    private int encodedLength(T value) {
        int length;
        try {
            length = codec.encodedLength(value);
        } catch (InternalError e) {
            throw e; // of the mapping
        } catch (Throwable e) {
            throw codecFailure("encodedLength failed", e);
        }
        checkLength(length);
        return length;
    }

    private void checkLength(int length) {
        if (length < 0 || length > ring.maxMessageLength()) {
            throw new IllegalArgumentException("message of " + length + " bytes on stream \"" + stream()
                    + "\": must be 0 to "
                    + ring.maxMessageLength() + "; raise maxMessageLength (at most an eighth of the capacity, now "
                    + ring.capacity() + ") or split it");
        }
    }

    private IpcException codecFailure(String what, @Nullable Throwable cause) {
        return new IpcException(
                ErrorCode.CODEC,
                "codec \"" + codec.typeId() + "\": " + what + " on stream \"" + stream()
                        + "\"; nothing was written, mend the codec or the value",
                cause);
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        if (!tryEnter()) {
            if (ended) {
                throw closed();
            }
            return null;
        }
        boolean claimed = false;
        try {
            if (ended) {
                throw closed();
            }
            if (!waiting.isEmpty() || (!unrestricted && refusedByPolicy() != null)) {
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

    void claimDone() {
        leave();
        if (!waiting.isEmpty() || disposing) {
            visit();
        }
    }

    // ---- waiting for room -------------------------------------------------------------------------------------------

    @Override
    public Mono<Void> emit(T value) {
        Objects.requireNonNull(value, "value");
        return Mono.create(sink -> submit(new OneMessage<>(this, value, sink)));
    }

    @Override
    public Mono<PublishResult> publish(T value) {
        Objects.requireNonNull(value, "value");
        return Mono.create(sink -> submit(new OneResult<>(this, value, sink)));
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

    /**
     * Whether the caller may write now. Then it must {@link #exit()}. An ended publication admits nobody. The poll loop
     * without anybody waiting is inside for a moment only, to write what a source left behind: that is waited for, because
     * who is refused goes on in the poll loop, and a source that blocks must not do so for an accident.
     */
    boolean enterUnlessOthersWait() {
        int other = enterAs(CALLER);
        while (other == LOOP && waiting.isEmpty() && !onLoop()) {
            Thread.onSpinWait();
            other = enterAs(CALLER);
        }
        return other == NOBODY;
    }

    /** The same for the poll loop, which comes for somebody who cannot. */
    boolean enterForOthers() {
        return enterAs(LOOP) == NOBODY;
    }

    /** Who is in the way: {@code NOBODY} if the caller is in now. Where others wait, or after the end, a {@code CALLER} is. */
    private int enterAs(int who) {
        if (!waiting.isEmpty()) {
            return CALLER;
        }
        int other = tryEnter(who);
        if (other == NOBODY && (ended || !waiting.isEmpty())) {
            leave();
            return CALLER;
        }
        return other;
    }

    void exit() {
        leave();
    }

    boolean onLoop() {
        return loop.isCurrentThread();
    }

    /** Has the poll loop visit a task until {@link #unwatch}. */
    void watch(PollLoop.Task task) {
        loop.add(task);
    }

    void unwatch(PollLoop.Task task) {
        loop.remove(task);
    }

    /** Something has changed that the poll loop waits for. */
    void lookAgain() {
        loop.wake();
    }

    /** Puts a writer at the end of the queue. */
    void enqueue(Writer writer) {
        waiting.add(writer);
        visit();
    }

    /** Writes at once if nobody waits or is inside, else in its turn. */
    void submit(Writer writer) {
        if (waiting.isEmpty() && tryEnter()) {
            Writer.Outcome outcome;
            try {
                if (ended) {
                    outcome = null;
                } else {
                    outcome = waiting.isEmpty() ? writer.write() : Writer.Outcome.NO_ROOM;
                }
            } finally {
                leave();
            }
            if (outcome == null) {
                writer.refused(closed());
                return;
            }
            if (outcome == Writer.Outcome.DONE) {
                writer.written();
                return;
            }
        }
        enqueue(writer);
    }

    /** Has the poll loop come by until nobody waits. */
    private void visit() {
        if (visited.compareAndSet(false, true)) {
            loop.add(this);
        } else {
            loop.wake();
        }
    }

    @Override
    public int doWork() {
        int work = checkConditions();
        while (work < RUN && serveHead()) {
            work++;
        }
        if (disposing && ended) {
            refuseConditions();
        }
        if (waiting.isEmpty() && conditions.isEmpty() && !isToBeEnded()) {
            rest();
        }
        return work;
    }

    /** Lets the head of the queue write, or refuses it; true if it left the queue. Its user's code runs outside. */
    private boolean serveHead() {
        if ((waiting.isEmpty() && !disposing) || tryEnter(LOOP) != NOBODY) {
            return false;
        }
        Writer head;
        boolean refuse;
        try {
            if (disposing) {
                end(EndOfStream.COMPLETE);
            }
            refuse = ended;
            head = waiting.peek();
            if (head == null || (!refuse && head.write() == Writer.Outcome.NO_ROOM)) {
                return false;
            }
            waiting.poll();
        } finally {
            leave();
        }
        if (refuse) {
            head.refused(closed());
        } else {
            head.written();
        }
        return true;
    }

    /** Somebody who leaves no room is evicted by a look after the patience, which nobody tells. */
    @Override
    public long patienceNanos() {
        return waiting.isEmpty() ? Long.MAX_VALUE : patienceNanos;
    }

    @Override
    public void arm(int loopIndex) {
        armedFreeBytes = ring.freeBytes();
        armedSubscribers = ring.subscriberCount();
        ring.arm(loopIndex);
    }

    @Override
    public boolean isReady() {
        return (ended && !waiting.isEmpty())
                || (disposing && isFree())
                || armedFreeBytes != ring.freeBytes()
                || armedSubscribers != ring.subscriberCount()
                || conditions.stream().anyMatch(condition -> condition.met.getAsBoolean());
    }

    /** Leaves the poll loop, unless somebody came to wait in between. */
    private void rest() {
        loop.remove(this);
        visited.set(false);
        if (!waiting.isEmpty() || !conditions.isEmpty() || isToBeEnded()) {
            visit();
        }
    }

    /** The end waits for whoever is inside to leave, however often others enter: so the loop stays until it has written it. */
    private boolean isToBeEnded() {
        return disposing && !ended;
    }

    @Override
    public void failed(Throwable error) {
        visited.set(false); // before the refusals: who comes too late for them is told by the loop
        IpcException reason = new IpcException(
                ErrorCode.CLOSED, "stream \"" + stream() + "\" failed: " + error + "; publish it anew", error);
        if (!ended) {
            ended = true;
            ring.close();
            evictions.tryEmitComplete();
            onEnded.accept(this);
        }
        for (Writer writer = waiting.poll(); writer != null; writer = waiting.poll()) {
            writer.refused(reason);
        }
        refuseConditions();
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** Writes the end and takes the ring's name away: who has it mapped reads on. Inside the turnstile. */
    void end(EndOfStream end) {
        if (!ended) {
            ring.end(end);
            ended = true;
            ring.close();
            evictions.tryEmitComplete();
            onEnded.accept(this);
        }
    }

    @Override
    public void dispose() {
        disposing = true;
        if (tryEnter()) {
            try {
                end(EndOfStream.COMPLETE);
            } finally {
                leave();
            }
        }
        visit();
    }

    private void refuseConditions() {
        for (Condition condition : conditions) {
            conditions.remove(condition);
            condition.sink.error(closed());
        }
    }

    @Override
    public boolean isDisposed() {
        return ended;
    }

    IpcException closed() {
        return new IpcException(
                ErrorCode.CLOSED,
                "stream \"" + stream() + "\" (session " + sessionId()
                        + ") was completed, failed or closed here; publish it anew");
    }

    // ---- subscribers ------------------------------------------------------------------------------------------------

    /** @param afterEnd whether it may still be met when the stream has ended */
    private record Condition(BooleanSupplier met, boolean afterEnd, MonoSink<Void> sink) {}

    private Mono<Void> when(BooleanSupplier met, boolean afterEnd) {
        return Mono.create(sink -> {
            if (met.getAsBoolean()) {
                sink.success();
            } else if (disposing || (ended && !afterEnd)) {
                sink.error(closed());
            } else {
                Condition condition = new Condition(met, afterEnd, sink);
                conditions.add(condition);
                sink.onDispose(() -> conditions.remove(condition));
                visit();
            }
        });
    }

    private int checkConditions() {
        int met = 0;
        for (Condition condition : conditions) {
            if (condition.met.getAsBoolean()) {
                conditions.remove(condition);
                condition.sink.success();
                met++;
            } else if (ended && !condition.afterEnd) {
                conditions.remove(condition);
                condition.sink.error(closed());
            }
        }
        return met;
    }

    @Override
    public Mono<Void> awaitSubscribers(int count) {
        if (count < 0 || count > spec.definition().maxSubscribers()) {
            throw new IllegalArgumentException("count must be 0 to maxSubscribers, which is "
                    + spec.definition().maxSubscribers() + " for stream \"" + stream() + "\": " + count);
        }
        return Mono.defer(() -> ended ? Mono.error(closed()) : when(() -> ring.subscriberCount() >= count, false));
    }

    @Override
    public Mono<Void> drained() {
        return Mono.defer(() -> {
            long written = ring.position();
            return when(() -> ring.isDrainedTo(written), true);
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
            return ended;
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
