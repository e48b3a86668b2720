package io.reactiveipc.internal.send;

import io.reactiveipc.internal.poll.HandOver;
import io.reactiveipc.internal.poll.PollLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Fuseable.QueueSubscription;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A {@code send} of a source that has its elements at hand. They are pulled in runs, and a run is handed to the readers as
 * one: each turn at the turnstile waits for the earlier stores to reach the other cores, so a turn for each message would
 * cost more than the message. Pulling is user code and happens outside.
 *
 * <p>Who subscribes pulls, until there is no room; from then on the poll loop does, whenever there is. What was pulled
 * stands in a queue with the pulling thread at one end and whoever is inside the turnstile at the other. So nothing is held
 * back by a source that blocks in the middle of a run: runs are of one message until the source has proved quick, and as
 * long as they are longer, the poll loop comes by every millisecond and writes what a blocked thread left there.
 */
final class PullingSend<T> implements Writer, PollLoop.Task {
    private static final int LONGEST_RUN = 512;

    /** A run that took longer to pull is the longest: its first message waits for its last. */
    private static final long LONG_RUN_NANOS = TimeUnit.MICROSECONDS.toNanos(4);

    /** Messages written between two looks whether the send was cancelled. */
    private static final int PER_LOOK = 64;

    /** Quick elements in a row before runs grow: a send of a few messages is not worth a watch. */
    private static final int PROOF = 64;

    /** Messages pulled in one visit of the poll loop. */
    private static final int PER_VISIT = LONGEST_RUN;

    /** A source that takes longer for an element gets runs of one. */
    private static final long QUICK_NANOS = 500;

    /** A source that gives nothing for so long is taken to block. */
    private static final long STALL_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WriterQueue<T> publication;
    private final QueueSubscription<T> source;
    private final MonoSink<Void> sink;
    private final Context context;
    private final HandOver<T> pulled = new HandOver<>();

    private volatile boolean cancelled;
    private volatile boolean finished;
    private volatile @Nullable Throwable failure;

    /** Nobody comes by soon: write after each element. */
    private volatile boolean unwatched = true;

    /** In the publication's queue, which sees to what was pulled. */
    private volatile boolean queued;

    /** One word to read for each element, while pulling. SYNC B3 without a fence: what was put may not be visible yet. */
    private final BooleanSupplier stop = () -> unwatched;

    // the pulling thread only; handed on through the publication's queue
    private int run = 1;
    private int proved;
    private boolean known; // to the poll loop
    private boolean exhausted;
    private @Nullable Throwable sourceError;

    // poll loop only
    private long seenCount;
    private long seenNanos;
    private boolean told;

    PullingSend(WriterQueue<T> publication, QueueSubscription<T> source, MonoSink<Void> sink, Context context) {
        this.publication = publication;
        this.source = source;
        this.sink = sink;
        this.context = context;
    }

    void start() {
        pull(Long.MAX_VALUE);
    }

    void cancel() {
        cancelled = true;
        unwatched = true; // ends the run
        source.cancel();
        publication.lookAgain();
    }

    boolean isFinished() {
        return finished;
    }

    // ---- pulling ----------------------------------------------------------------------------------------------------

    /** Ends the send, or queues it: then the poll loop may be pulling before this returns. */
    private void pull(long budget) {
        for (long left = budget; left > 0 && !isAborted(); ) {
            left -= pullRun();
            if (!writePulled()) {
                break;
            }
            if (exhausted) {
                finish();
                return;
            }
        }
        queued = true;
        publication.enqueue(this); // aborted too: the poll loop may be writing, so it is the one to discard
    }

    private boolean isAborted() {
        return cancelled || failure != null;
    }

    private int pullRun() {
        pulled.makeRoom(run);
        long before = pulled.count();
        long began = System.nanoTime();
        try {
            exhausted = !pulled.putFrom(source, run, stop);
        } catch (Throwable e) {
            exhausted = true;
            sourceError = e;
        }
        int count = (int) (pulled.count() - before);
        adapt(count, System.nanoTime() - began);
        return Math.max(1, count);
    }

    private void adapt(int count, long nanos) {
        if (nanos > count * QUICK_NANOS) {
            run = 1;
            proved = 0;
            unwatched = true;
        } else if (unwatched) {
            if (++proved >= PROOF) {
                run = 2;
                unwatched = false;
                beWatched();
            }
        } else if (nanos > LONG_RUN_NANOS) {
            run = Math.max(2, run / 2);
        } else if (nanos < LONG_RUN_NANOS / 2) {
            run = Math.min(2 * run, LONGEST_RUN);
        }
    }

    private void beWatched() {
        if (known) {
            publication.lookAgain();
        } else {
            known = true;
            publication.watch(this);
        }
    }

    /** Whether nothing is left in the queue. */
    private boolean writePulled() {
        if (pulled.isEmpty()) {
            return true;
        }
        if (!publication.enterUnlessOthersWait()) {
            return false;
        }
        try {
            return writeInside();
        } finally {
            publication.exit();
        }
    }

    /** The same, inside the turnstile. */
    private boolean writeInside() {
        try {
            return writeBatch();
        } catch (Throwable e) {
            failure = e;
            return false;
        } finally {
            pulled.take();
        }
    }

    private boolean writeBatch() {
        publication.beginBatch(pulled.count() - pulled.passed());
        try {
            for (long end = pulled.count(); pulled.passed() < end; end = pulled.count()) {
                while (pulled.passed() < end) {
                    if (cancelled || !publication.writeAll(pulled, Math.min(end, pulled.passed() + PER_LOOK))) {
                        return false;
                    }
                }
            }
            return true;
        } finally {
            publication.endBatch(); // may fail as a write may: what is staged goes into the ring
        }
    }

    private void finish() {
        end();
        Throwable error = sourceError;
        if (error == null) {
            sink.success();
        } else {
            sink.error(error);
        }
    }

    private void end() {
        finished = true;
        if (known) {
            publication.unwatch(this);
        }
    }

    // ---- in the publication's queue ---------------------------------------------------------------------------------

    @Override
    public Outcome write() {
        return isAborted() || writeInside() || failure != null ? Outcome.DONE : Outcome.NO_ROOM;
    }

    @Override
    public void written() {
        queued = false;
        if (isAborted()) {
            abort();
        } else if (exhausted) {
            finish();
        } else {
            pull(PER_VISIT);
        }
    }

    @Override
    public void refused(RuntimeException reason) {
        failure = reason;
        abort();
    }

    private void abort() {
        end();
        source.cancel();
        long end = pulled.count();
        for (long next = pulled.passed(); next < end; next++) {
            Operators.onDiscard(pulled.get(next), context);
        }
        pulled.pass(end);
        pulled.take();
        source.clear();
        tellFailure();
    }

    private void tellFailure() {
        Throwable error = failure;
        if (error != null && !told) {
            told = true;
            sink.error(error);
        }
    }

    // ---- watched by the poll loop -----------------------------------------------------------------------------------

    @Override
    public int doWork() {
        if (finished || queued || (unwatched && pulled.isEmpty())) { // SYNC B3: off duty, and still it looks
            return 0;
        }
        long now = System.nanoTime();
        long count = pulled.count();
        if (count != seenCount) {
            seenCount = count;
            seenNanos = now;
        } else if (now - seenNanos > STALL_NANOS && publication.enterForOthers()) {
            boolean emptied;
            try {
                emptied = writeInside();
            } finally {
                publication.exit();
            }
            if (failure != null) {
                source.cancel();
                tellFailure();
            }
            if (emptied || failure != null) { // and never the other way, which would undo a cancel
                unwatched = true; // SYNC B3: who pulls just now and does not see it is found by a later visit
            }
            return 1;
        }
        return 0;
    }

    @Override
    public long patienceNanos() {
        return queued || (unwatched && pulled.isEmpty()) ? Long.MAX_VALUE : WATCH_NANOS;
    }

    @Override
    public void arm(int loop) {
        // what it looks for is told by nobody
    }

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public void failed(Throwable error) {
        failure = error;
        source.cancel();
        tellFailure();
    }
}
