package io.reactiveipc.internal.receive;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.IpcException;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.RemoteErrorException;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.internal.poll.Turnstile;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.WaitStrategy;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a stream. The lanes are touched inside the turnstile only: by the poll loop, or by the operator that
 * fused with it. All signals but fused elements come from the poll loop.
 *
 * <pre>
 * state      | means                                    | ends by
 * -----------+------------------------------------------+-------------------------------------------
 * attached   | lanes come and go, elements flow         | last lane completes: confirming
 * confirming | no lane left; the transport looks again  | new lane: attached · none: finished
 * finished   | terminal signal given, all slots free    |
 * cancelled  | no more signals; slots free at once, or  |
 *            | when the thread inside the turnstile     |
 *            | leaves it                                | finished
 * </pre>
 */
final class RingReceiver<R> extends Turnstile implements Fuseable.QueueSubscription<R>, Scannable, PollLoop.Task {
    /** Messages of one publication before the next one gets its turn, and before ring space is given back. */
    private static final int RUN = 256;

    /** Passes between two looks at what a fused operator has read but, for lack of demand, not given back. */
    private static final int SETTLE_PASSES = 64;

    private static final long SETTLE_NANOS = 1_000_000;
    private static final Lane[] NO_LANES = {};

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RingReceiver> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(RingReceiver.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RingReceiver> RECEIVED =
            AtomicLongFieldUpdater.newUpdater(RingReceiver.class, "received");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RingReceiver> RECEIVED_BYTES =
            AtomicLongFieldUpdater.newUpdater(RingReceiver.class, "receivedBytes");

    private final RingSubscription<?> subscription;
    private final PollLoop loop;
    private final CoreSubscriber<? super R> actual;
    private final RecordMapper<R> mapper;
    private final boolean leasing;
    private final ConcurrentLinkedQueue<RingConsumer> arrivals = new ConcurrentLinkedQueue<>();

    private volatile long requested;
    private volatile boolean paused;
    private volatile long requestCount;
    private volatile boolean cancelled;
    private volatile boolean finished;
    private volatile boolean fused;
    private volatile boolean hungry;
    private volatile boolean confirmed;
    private volatile @Nullable Throwable closing;

    // under the subscription's monitor
    private long seenRequests;

    // inside the turnstile
    private volatile Lane[] lanes = NO_LANES;
    private volatile long received;
    private volatile long receivedBytes;
    private int turn;

    // poll loop only
    private boolean attached; // also set by retire, which ends all
    private boolean confirming;
    private boolean told; // the terminal signal was given
    private int passes;
    private long settledNanos;

    RingReceiver(
            RingSubscription<?> subscription,
            CoreSubscriber<? super R> actual,
            RecordMapper<R> mapper,
            boolean leasing) {
        this.subscription = subscription;
        this.loop = subscription.loop();
        this.actual = actual;
        this.mapper = mapper;
        this.leasing = leasing;
    }

    // ---- what the subscription tells --------------------------------------------------------------------------------

    /** A publication was joined for this receiver. */
    void admit(RingConsumer consumer) {
        arrivals.add(consumer);
        hungry = true;
        if (cancelled || finished) {
            retire();
        }
        loop.wake();
    }

    /** Attaching failed: nothing has been or will be signalled by the loop. */
    void refuse(IpcException reason) {
        if (!cancelled) {
            finished = true;
            retire();
            told = true;
            actual.onError(reason);
        }
    }

    /** Ends with an error after the message at hand. */
    void close(Throwable reason) {
        closing = reason;
        loop.wake();
    }

    boolean isLeasing() {
        return leasing;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /**
     * Whether messages are wanted: there is demand, or was since the last look. A fused operator's demand is not known here,
     * so it always counts as wanting.
     */
    boolean wantsMore() {
        if (cancelled || finished) {
            return false;
        }
        long requests = requestCount;
        boolean wants = fused || requested > 0 || requests != seenRequests;
        seenRequests = requests;
        paused = !wants;
        return wants;
    }

    /** Whether it may cease to want more by itself: not if its demand has no bound, nor if it has ceased, which it tells. */
    boolean mayPause() {
        return !cancelled && !finished && !fused && !paused && requested != Long.MAX_VALUE;
    }

    long lagBehind(UUID node) {
        long lag = 0;
        for (Lane lane : lanes) {
            lag += lane.consumer.node().equals(node) ? lane.consumer.lag() : 0;
        }
        return lag;
    }

    double ringFill(UUID node) {
        double fill = 0;
        for (Lane lane : lanes) {
            if (lane.consumer.node().equals(node)) {
                fill = Math.max(fill, (double) lane.consumer.lag() / lane.consumer.capacity());
            }
        }
        return fill;
    }

    long received() {
        return received;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** Inside the turnstile, where nobody else writes. */
    private void count(long messages, long bytes) {
        RECEIVED.lazySet(this, received + messages);
        RECEIVED_BYTES.lazySet(this, receivedBytes + bytes);
    }

    long lag() {
        long lag = 0;
        for (Lane lane : lanes) {
            lag += lane.consumer.lag();
        }
        return lag;
    }

    // ---- Subscription -----------------------------------------------------------------------------------------------

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            requestCount = requestCount + 1; // only ever compared: a lost count does no harm
            if (paused) {
                subscription.tellWanted("");
            }
            if (!fused && !loop.isCurrentThread()) {
                loop.wake();
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        retire();
    }

    /** Frees the slots, unless another thread is inside; then the loop does it. */
    private void retire() {
        if (tryEnter()) {
            try {
                closeLanes();
            } finally {
                leave();
            }
            subscription.detach(this);
        } else {
            loop.wake();
        }
    }

    private void closeLanes() {
        admitArrivals();
        Lane[] closing = lanes;
        lanes = NO_LANES;
        for (Lane lane : closing) {
            try {
                lane.close();
            } catch (InternalError e) {
                // its file was cut short: the others still have slots to free, and the subscriber is still to be told
            }
        }
    }

    /** The JVM reports an access beyond the end of a mapped file as an error of its own, which it is not. */
    private Throwable explained(Throwable error) {
        if (!(error instanceof InternalError)) {
            return error;
        }
        return new CorruptRingException(
                "stream \"" + subscription.stream() + "\": a ring's file was cut short while it was read; this stream"
                        + " ends here, subscribe again to go on with sound publications",
                error);
    }

    // ---- the poll loop ----------------------------------------------------------------------------------------------

    @Override
    public int doWork() {
        if (finished || (fused && !hungry && closing == null && !cancelled)) {
            settleUnasked();
            return 0;
        }
        if (!tryEnter()) {
            return 0;
        }
        int work = 0;
        Throwable failure = closing;
        try {
            if (!cancelled && failure == null) {
                admitArrivals();
                work = fused ? lookForFused() : drain();
            }
        } catch (Throwable e) {
            failure = explained(e);
        }
        try {
            if (cancelled || failure != null) {
                finished = true;
                closeLanes();
            }
        } finally {
            leave();
        }
        if (finished) {
            subscription.detach(this);
            if (!cancelled && failure != null) {
                told = true;
                actual.onError(failure);
            }
            return 1;
        }
        if (work > 0 && fused) {
            actual.onNext(null);
        }
        return work + completeIfConfirmed();
    }

    @Override
    public void failed(Throwable error) {
        boolean tell = !told && !cancelled; // also what failed while the slots were freed, before the signal
        told = true;
        finished = true;
        cancelled = true;
        retire();
        if (tell) {
            actual.onError(explained(error));
        } else {
            Operators.onErrorDropped(explained(error), actual.currentContext());
        }
    }

    @Override
    public void arm(int loopIndex) {
        if (finished) {
            return;
        }
        if (fused && !hungry) {
            settleLanes();
        } else if (tryEnter()) {
            try {
                for (Lane lane : lanes) {
                    lane.consumer.arm(loopIndex);
                }
            } finally {
                leave();
            }
        }
    }

    /** No other member rings for what a member finishes, gives back or leaves behind. */
    @Override
    public long patienceNanos() {
        for (Lane lane : lanes) {
            if (lane.isMember()) {
                return WaitStrategy.SLEEP_NANOS;
            }
        }
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isReady() {
        if (finished || (fused && !hungry)) {
            return false;
        }
        if (cancelled || closing != null || confirmed || !arrivals.isEmpty() || !tryEnter()) {
            return true;
        }
        try {
            for (Lane lane : lanes) {
                int index = lane.consumer.poll();
                if (index == RingConsumer.ENDED || (index >= 0 && (fused || requested > 0))) {
                    return true;
                }
            }
            return false;
        } finally {
            leave();
        }
    }

    /** Emits what the rings have and the subscriber wants; each pass begins with another publication. */
    private int drain() {
        long demand = requested;
        long emitted = 0;
        Lane[] current = lanes;
        int first = current.length < 2 ? 0 : (turn = (turn + 1) % current.length);
        for (int i = 0; i < current.length && !cancelled; i++) {
            emitted += drain(current[(first + i) % current.length], demand - emitted);
        }
        if (emitted > 0 && demand != Long.MAX_VALUE) {
            REQUESTED.addAndGet(this, -emitted);
        }
        return (int) emitted;
    }

    private int drain(Lane lane, long demand) {
        int index = lane.consumer.poll();
        int emitted = 0;
        if (index >= 0 && demand > 0) {
            emitted = drainFrom(lane, index, demand);
        } else if (index == RingConsumer.ENDED) {
            end(lane);
        }
        if (!cancelled) { // else the message at hand may not be finished
            lane.settle();
        }
        return emitted;
    }

    /** A method of its own: to the compiler of a loop that waits, what is done with a message is rare, and not worth inlining. */
    private int drainFrom(Lane lane, int first, long demand) {
        RingConsumer consumer = lane.consumer;
        RingConsumer.Member member = lane.member;
        int most = (int) Math.min(RUN, demand);
        int emitted = 0;
        long bytes = 0;
        int index = first;
        while (index >= 0 && emitted < most) {
            if (member == null || member.claim()) {
                R value = mapper.map(lane, consumer, index);
                bytes += consumer.length();
                consumer.advance();
                emitted++;
                emit(value);
                if (cancelled) {
                    break;
                }
                lane.settleIfDue(consumer.position());
            }
            index = consumer.pollOn();
        }
        if (emitted > 0) {
            count(emitted, bytes);
        }
        if (index == RingConsumer.ENDED) {
            end(lane);
        }
        return emitted;
    }

    private void emit(R value) {
        try {
            actual.onNext(value);
        } catch (Throwable error) { // forbidden by Reactive Streams 2.13: such a subscriber counts as cancelled
            cancelled = true;
            Operators.onErrorDropped(error, actual.currentContext());
        }
    }

    /** Whether a fused operator that found nothing should look again. */
    private int lookForFused() {
        hungry = false;
        for (Lane lane : lanes) {
            int index = lane.consumer.poll();
            if (index >= 0) {
                return 1;
            }
            if (index == RingConsumer.ENDED) {
                end(lane);
            } else {
                lane.settleUnasked(); // it may have passed over the padding of a claim that was given up
            }
        }
        hungry = true;
        return 0;
    }

    private void end(Lane lane) {
        EndOfStream end = lane.consumer.end();
        if (end.kind() == EndOfStream.Kind.COMPLETE) {
            noteSuccession(); // before its slot is free: whoever waits for that has not died before this end was read
        }
        lane.settle();
        lane.close();
        lanes = Arrays.stream(lanes).filter(l -> l != lane).toArray(Lane[]::new);
        switch (end.kind()) {
            case COMPLETE -> {}
            case ERROR -> throw new RemoteErrorException(end.errorType(), end.errorMessage());
            case LOST -> {
                if (subscription.awaitsSuccessor()) {
                    attached = lane.succeeded || lanes.length > 0; // else as before the first publication: wait for one
                    return;
                }
                throw new PublisherLostException(
                        "the publisher of stream \"" + subscription.stream() + "\" died: session "
                                + lane.consumer.sessionId() + ", " + end.errorMessage()
                                + "; all it had committed was delivered, resubscribe to go on with a successor");
            }
        }
    }

    /** What ends in order behind the death of a publisher is its successor, also if the loss is still to be come to. */
    private void noteSuccession() {
        for (Lane lane : subscription.awaitsSuccessor() ? lanes : NO_LANES) {
            lane.succeeded |= !subscription.isAlive(lane.consumer.node());
        }
    }

    private void admitArrivals() {
        for (RingConsumer consumer = arrivals.poll(); consumer != null; consumer = arrivals.poll()) {
            Lane[] grown = Arrays.copyOf(lanes, lanes.length + 1);
            grown[grown.length - 1] = new Lane(consumer, leasing ? subscription.leases(consumer) : null);
            lanes = grown;
            attached = true;
        }
    }

    /** The last publication known has ended: complete, unless the transport finds another one now. */
    private int completeIfConfirmed() {
        if (!attached || lanes.length > 0 || !arrivals.isEmpty()) {
            confirming = false;
            return 0;
        }
        if (!confirming) {
            confirming = true;
            confirmed = false;
            subscription.refresh(() -> {
                confirmed = true;
                loop.wake();
            });
        } else if (confirmed) {
            confirming = false;
            if (arrivals.isEmpty()) {
                finished = true;
                subscription.detach(this);
                told = true;
                actual.onComplete();
            }
            return 1;
        }
        return 0;
    }

    /** A fused operator without demand does not come back to give ring space free: do it for it. */
    private void settleUnasked() {
        if (++passes >= SETTLE_PASSES) {
            passes = 0;
            long now = System.nanoTime();
            if (now - settledNanos > SETTLE_NANOS) {
                settledNanos = now;
                settleLanes();
            }
        }
    }

    private void settleLanes() {
        if (tryEnter()) {
            try {
                for (Lane lane : lanes) {
                    lane.settleUnasked();
                }
            } finally {
                leave();
            }
        }
    }

    // ---- the queue of a fused operator ------------------------------------------------------------------------------

    @Override
    public int requestFusion(int mode) {
        if ((mode & Fuseable.ASYNC) == 0) {
            return Fuseable.NONE;
        }
        hungry = true;
        fused = true;
        return Fuseable.ASYNC;
    }

    @Override
    public @Nullable R poll() {
        if (cancelled || finished) {
            return null;
        }
        if (tryEnter()) {
            try {
                R value = take();
                if (value != null) {
                    return value;
                }
                hungry = true;
            } finally {
                leave();
            }
        } else {
            hungry = true; // the loop is inside: it looks again and tells
        }
        loop.wake();
        return null;
    }

    private @Nullable R take() {
        Lane[] current = lanes;
        for (int tried = 0; tried < current.length; tried++) {
            if (turn >= current.length * RUN) {
                turn = 0;
            }
            Lane lane = current[turn / RUN];
            RingConsumer consumer = lane.consumer;
            int index = consumer.poll();
            while (index >= 0 && !lane.claim()) {
                index = consumer.poll();
            }
            if (index >= 0) {
                R value = mapper.map(lane, consumer, index);
                count(1, consumer.length());
                consumer.advance();
                lane.settleIfDue(consumer.position());
                turn++;
                return value;
            }
            lane.settle();
            turn = (turn / RUN + 1) * RUN;
        }
        return null;
    }

    @Override
    public boolean isEmpty() {
        if (finished || cancelled) {
            return true;
        }
        if (!tryEnter()) {
            return false; // the loop is inside: not known to be empty
        }
        try {
            for (Lane lane : lanes) {
                if (lane.consumer.poll() >= 0) {
                    return false;
                }
                lane.settleUnasked(); // operators ask this also in the midst of a message
            }
            return true;
        } catch (RuntimeException | Error e) {
            return false; // operators do not expect it here: the next poll meets it again
        } finally {
            leave();
        }
    }

    @Override
    public int size() {
        return isEmpty() ? 0 : 1;
    }

    @Override
    public void clear() {
        // nothing was taken out of the ring that was not handed on
    }

    // ---- Scannable --------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.PARENT) {
            return subscription;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return finished;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.ERROR) {
            return closing;
        }
        if (key == Attr.PREFETCH || key == Attr.BUFFERED) {
            return 0;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
