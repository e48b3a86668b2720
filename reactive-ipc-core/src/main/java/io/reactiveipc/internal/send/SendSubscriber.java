package io.reactiveipc.internal.send;

import io.reactiveipc.spi.RingProducer;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * A {@code send}: takes a source into the ring. One that has its elements at hand is pulled, by {@link PullingSend}. Any
 * other is asked for what fits; what was asked for and finds no room, because messages were longer than those before,
 * waits in a queue that is never longer than what was asked for. Each message is committed as it comes: the source may
 * block before the next one.
 *
 * <p>One thread at a time drains (the guard is {@code wip}); while parked in the publication's queue nobody does, and the
 * poll loop writes what is queued when this writer's turn comes.
 */
final class SendSubscriber<T> implements CoreSubscriber<T>, Writer, Scannable {
    /** Messages asked for ahead. */
    static final int RUN = 256;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SendSubscriber> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SendSubscriber.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<SendSubscriber> WANTED =
            AtomicLongFieldUpdater.newUpdater(SendSubscriber.class, "wanted");

    private final WriterQueue<T> publication;
    private final RingProducer ring;
    private final MonoSink<Void> sink;
    private final Context context;
    private final int smallest;

    private volatile int wip;
    private volatile long wanted; // requested, or to be by whoever is at it
    private volatile boolean cancelled;
    private volatile boolean sourceDone;
    private volatile boolean parked;
    private volatile boolean closed;
    private volatile long arrived;
    private volatile @Nullable PullingSend<T> pulling;
    private @Nullable Throwable sourceError;
    private @Nullable Subscription upstream;

    // drained by one thread at a time
    private @Nullable Queue<T> queue;
    private boolean finished;
    private long asked;
    private long granted;
    private long expectedLength;
    private @Nullable Throwable failure;

    SendSubscriber(WriterQueue<T> publication, RingProducer ring, MonoSink<Void> sink) {
        this.publication = publication;
        this.ring = ring;
        this.sink = sink;
        this.context = Context.of(sink.contextView());
        this.smallest = ring.recordLength(0);
        this.expectedLength = ring.recordLength(ring.maxMessageLength());
    }

    // ---- what the source tells --------------------------------------------------------------------------------------

    @Override
    public void onSubscribe(Subscription subscription) {
        if (!Operators.validate(upstream, subscription)) {
            return;
        }
        upstream = subscription;
        if (cancelled) {
            subscription.cancel();
            return;
        }
        if (subscription instanceof Fuseable.QueueSubscription<?> fuseable
                && fuseable.requestFusion(Fuseable.SYNC) == Fuseable.SYNC) {
            @SuppressWarnings("unchecked")
            Fuseable.QueueSubscription<T> source = (Fuseable.QueueSubscription<T>) fuseable;
            PullingSend<T> pull = new PullingSend<>(publication, source, sink, context);
            pulling = pull;
            if (cancelled) {
                pull.cancel();
            }
            pull.start();
            return;
        }
        queue = Queues.<T>get(RUN).get();
        publication.tellOfEnd(this);
        drain(true);
    }

    @Override
    @SuppressWarnings({"NonAtomicOperationOnVolatileField", "NullAway"})
    public void onNext(T value) {
        Objects.requireNonNull(value, "value");
        if (sourceDone || cancelled) {
            Operators.onNextDropped(value, context);
            return;
        }
        if (!queue.offer(value)) {
            upstream.cancel();
            onError(new IllegalStateException(
                    "the source sent more than the " + RUN + " messages asked for; respect request(n)"));
            return;
        }
        arrived = arrived + 1; // the source is serial: one writer
        drain(false);
    }

    @Override
    public void onError(Throwable error) {
        Objects.requireNonNull(error, "error");
        if (sourceDone) {
            Operators.onErrorDropped(error, context);
            return;
        }
        sourceError = error;
        sourceDone = true;
        drain(false);
    }

    @Override
    public void onComplete() {
        if (!sourceDone) {
            sourceDone = true;
            drain(false);
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    /** The publication has ended: whatever the source does, nothing more can be sent. */
    void publicationEnded() {
        closed = true;
        drain(false);
    }

    /** The Mono was cancelled. */
    void cancelSource() {
        cancelled = true;
        PullingSend<T> pull = pulling;
        Subscription subscription = upstream;
        if (pull != null) {
            pull.cancel();
        } else if (subscription != null) {
            subscription.cancel();
            drain(false);
        }
    }

    // ---- draining ---------------------------------------------------------------------------------------------------

    /**
     * @param mayAsk whether the source may be asked for more on the poll loop too; there, only a visit of the loop does, not
     *     the messages that it brought
     */
    private void drain(boolean mayAsk) {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        boolean asking = mayAsk || !publication.onLoop();
        long ask = 0;
        int missed = 1;
        do {
            if (!parked) {
                ask += step(asking);
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
        request(ask); // outside of the guard: a source that blocks holds no message back
    }

    /**
     * Asks the source for more, one thread at a time (Reactive Streams 2.7): who comes while another one is at it, the source
     * perhaps by its own message, leaves it to that one.
     */
    private void request(long n) {
        Subscription subscription = upstream;
        if (n == 0 || subscription == null || WANTED.getAndAdd(this, n) != 0) {
            return;
        }
        long due = n;
        do {
            subscription.request(due);
            due = WANTED.addAndGet(this, -due);
        } while (due != 0);
    }

    /** Writes what is queued; returns how many more to ask for. */
    private long step(boolean asking) {
        if (finished) {
            return 0;
        }
        if (cancelled) {
            discard();
            return 0;
        }
        boolean done = sourceDone;
        assert queue != null;
        boolean idle = queue.isEmpty();
        if (idle && done) {
            finish();
            return 0;
        }
        if (closed) {
            fail(publication.closed());
            return 0;
        }
        if (!publication.enterUnlessOthersWait()) {
            if (!idle || outstanding() == 0) { // else the source's next signal comes here again
                park();
            }
            return 0;
        }
        boolean room;
        long ask = 0;
        try {
            room = writeQueued();
            if (room && !done) {
                ask = affordable();
                room = ask > 0 || outstanding() > 0;
            }
        } catch (Throwable e) {
            failure = e;
            room = true;
        } finally {
            publication.exit();
        }
        if (failure != null) {
            fail(failure);
        } else if (!room || (ask > 0 && !asking && outstanding() == 0)) {
            park();
        } else if (done) {
            finish();
        } else if (asking) {
            asked += ask;
            return ask;
        }
        return 0;
    }

    /** Inside the turnstile. */
    private boolean writeQueued() {
        assert queue != null;
        for (T value = queue.peek(); value != null; value = queue.peek()) {
            long before = ring.position();
            if (!publication.write(value)) {
                return false;
            }
            queue.poll();
            long length = Math.max(smallest, ring.position() - before);
            expectedLength = Math.max(length, expectedLength - (expectedLength >> 2));
        }
        return true;
    }

    private long outstanding() {
        return asked - arrived;
    }

    /** How many more messages fit, if they are as long as the last ones; 0 while enough are on their way. Inside the turnstile. */
    private long affordable() {
        long outstanding = outstanding();
        if (outstanding > RUN / 4) {
            return 0;
        }
        long room = ring.room(expectedLength, expectedLength * (RUN + 1));
        long fits = room / expectedLength;
        long least = outstanding == 0 && !publication.waitsForRoom() ? 1 : 0; // it shall fail, and not wait
        return Math.max(least, Math.min(RUN, fits > 1 ? fits - 1 : fits) - outstanding);
    }

    private void park() {
        parked = true;
        publication.enqueue(this);
    }

    private void finish() {
        finished = true;
        publication.tellOfEndNoMore(this);
        Throwable error = sourceError;
        if (error == null) {
            sink.success();
        } else {
            sink.error(error);
        }
    }

    private void fail(Throwable error) {
        finished = true;
        cancelled = true;
        if (upstream != null) {
            upstream.cancel();
        }
        discard();
        sink.error(error);
    }

    private void discard() {
        finished = true;
        publication.tellOfEndNoMore(this);
        if (queue != null) {
            Operators.onDiscardQueueWithClear(queue, context, null);
        }
    }

    // ---- in the publication's queue ---------------------------------------------------------------------------------

    @Override
    public Outcome write() {
        if (cancelled || failure != null) {
            return Outcome.DONE;
        }
        try {
            if (!writeQueued()) {
                return Outcome.NO_ROOM;
            }
        } catch (Throwable e) {
            failure = e;
            return Outcome.DONE;
        }
        if (sourceDone) {
            return Outcome.DONE;
        }
        granted = affordable(); // now, in turn: behind others that wait there may never be another time
        asked += granted;
        return granted == 0 && outstanding() == 0 ? Outcome.NO_ROOM : Outcome.DONE;
    }

    @Override
    public void written() {
        long ask = granted;
        granted = 0;
        parked = false;
        Throwable error = failure;
        if (error != null && !finished) {
            fail(error);
            return;
        }
        drain(ask == 0);
        if (!cancelled) {
            request(ask);
        }
    }

    @Override
    public void refused(RuntimeException reason) {
        failure = reason;
        written();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            PullingSend<T> pull = pulling;
            return pull == null ? finished : pull.isFinished();
        }
        if (key == Attr.PREFETCH) {
            return RUN;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
