package io.reactiveipc.internal.signal;

import io.reactiveipc.IpcException;
import io.reactiveipc.Signal;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.SignalReader;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a name's signals. The counter is the buffer: what comes while there is no demand is in the count of the
 * next signal.
 *
 * <pre>
 * state     | means                                     | ends by
 * ----------+-------------------------------------------+-----------------------
 * listening | each pass with demand gives what is new   | an error: finished
 * finished  | terminal signal given, the slot is free   |
 * cancelled | no more signals, the slot is free         |
 * </pre>
 */
final class SignalReceiver implements Subscription, Scannable, PollLoop.Task {
    private static final AtomicLongFieldUpdater<SignalReceiver> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(SignalReceiver.class, "requested");

    private final NodeSignals signals;
    private final String name;
    private final SignalReader reader;
    private final PollLoop loop;
    private final CoreSubscriber<? super Signal> actual;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean finished;
    private volatile @Nullable Throwable closing;

    private long given; // poll loop only

    SignalReceiver(
            NodeSignals signals,
            String name,
            SignalReader reader,
            PollLoop loop,
            CoreSubscriber<? super Signal> actual) {
        this.signals = signals;
        this.name = name;
        this.reader = reader;
        this.loop = loop;
        this.actual = actual;
    }

    /** After onSubscribe: signals may come from now on. */
    void start() {
        try {
            signals.attach(this, loop);
        } catch (IpcException e) {
            if (!cancelled) {
                finished = true;
                reader.close();
                actual.onError(e);
            }
            return;
        }
        if (cancelled) { // before it was attached, when there was nothing to detach yet
            leave();
        }
    }

    /** Ends with an error after the signal at hand. */
    void close(Throwable reason) {
        closing = reason;
        loop.wake();
    }

    private void leave() {
        loop.remove(this);
        signals.detach(this);
        reader.close();
    }

    // ---- Subscription -----------------------------------------------------------------------------------------------

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            if (!loop.isCurrentThread()) {
                loop.wake();
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        leave();
    }

    // ---- the poll loop ----------------------------------------------------------------------------------------------

    @Override
    public int doWork() {
        if (cancelled || finished) {
            return 0;
        }
        Throwable reason = closing;
        if (reason != null) {
            finished = true;
            leave();
            actual.onError(reason);
            return 1;
        }
        return requested > 0 ? drain() : 0;
    }

    private int drain() {
        long total = reader.total();
        long count = total - given;
        if (count == 0) {
            return 0;
        }
        given = total;
        Operators.produced(REQUESTED, this, 1);
        try {
            actual.onNext(new Signal(name, count, total));
        } catch (Throwable error) { // forbidden by Reactive Streams 2.13: such a subscriber counts as cancelled
            cancel();
            Operators.onErrorDropped(error, actual.currentContext());
        }
        return 1;
    }

    @Override
    public void failed(Throwable error) {
        boolean tell = !finished && !cancelled;
        finished = true;
        leave();
        if (tell) {
            actual.onError(error);
        } else {
            Operators.onErrorDropped(error, actual.currentContext());
        }
    }

    @Override
    public void arm(int loopIndex) {
        if (requested > 0 && !cancelled) { // without demand there is nothing to wake up for
            reader.arm(loopIndex);
        }
    }

    @Override
    public boolean isReady() {
        return !cancelled && (closing != null || (requested > 0 && reader.total() != given));
    }

    // ---- Scannable --------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.NAME) {
            return name;
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
