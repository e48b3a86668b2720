package io.reactiveipc.internal.send;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingProducer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The middle floor of a publication: whose turn it is. The turnstile admits one writer at a time: a caller of {@code
 * tryEmit}, the holder of a claim, or the head of the queue of waiting writers, which the poll loop serves as room appears.
 * While writers wait, newcomers queue behind them. The last turn is the end's.
 *
 * <pre>
 * state    | entered by                        | tryEmit         | waiting writers
 * ---------+-----------------------------------+-----------------+---------------------------------
 * open     | creation                          | writes          | written as room appears
 * ended    | complete, error in their turn;    | FAIL_TERMINATED | refused with CLOSED
 *          | dispose as soon as nobody is inside |               |
 * </pre>
 */
abstract class WriterQueue<T> extends MessageEncoder<T> implements PollLoop.Task {
    /** Waiting writers served in one visit of the poll loop. */
    private static final int RUN = 256;

    private static final long MIN_PATIENCE_NANOS = 1_000_000;

    final Conditions conditions = new Conditions(this);
    private final PollLoop loop;
    private final ConcurrentLinkedQueue<Writer> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean visited = new AtomicBoolean();
    private final Set<SendSubscriber<T>> sends = ConcurrentHashMap.newKeySet();
    private final long patienceNanos;
    private volatile boolean ended;
    private volatile boolean disposing;

    // poll loop only: what the ring looked like when its doorbell was armed
    private long armedFreeBytes;
    private int armedSubscribers;

    WriterQueue(StreamSpec<T> spec, RingProducer ring, PollLoop loop) {
        super(spec, ring);
        this.loop = loop;
        Overflow overflow = spec.definition().publishing().overflow();
        this.patienceNanos = overflow.kind() == Overflow.Kind.EVICT_SLOW
                ? Math.max(MIN_PATIENCE_NANOS, overflow.patience().toNanos() / 4)
                : Long.MAX_VALUE;
    }

    // ---- one's turn -------------------------------------------------------------------------------------------------

    /** Whether there is a queue, behind which newcomers come. */
    final boolean othersWait() {
        return !waiting.isEmpty();
    }

    /**
     * Whether the caller may write now. Then it must {@link #exit()}. An ended publication admits nobody. The poll loop
     * without anybody waiting is inside for a moment only, to write what a source left behind: that is waited for, because
     * who is refused goes on in the poll loop, and a source that blocks must not do so for an accident.
     */
    final boolean enterUnlessOthersWait() {
        int other = enterAs(CALLER);
        while (other == LOOP && waiting.isEmpty() && !onLoop()) {
            Thread.onSpinWait();
            other = enterAs(CALLER);
        }
        return other == NOBODY;
    }

    /** The same for the poll loop, which comes for somebody who cannot. */
    final boolean enterForOthers() {
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

    final void exit() {
        leave();
    }

    /** The same for whoever was inside across calls, while others came in vain. */
    final void exitAndServe() {
        leave();
        if (!waiting.isEmpty() || disposing) {
            visit();
        }
    }

    /** Writes at once if nobody waits or is inside, else in its turn. */
    final void submit(Writer writer) {
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
            if (ended && !sends.isEmpty()) {
                visit();
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

    /** Puts a writer at the end of the queue. */
    final void enqueue(Writer writer) {
        waiting.add(writer);
        visit();
    }

    // ---- the poll loop ----------------------------------------------------------------------------------------------

    final boolean onLoop() {
        return loop.isCurrentThread();
    }

    /** Has the poll loop visit a task until {@link #unwatch}. */
    final void watch(PollLoop.Task task) {
        loop.add(task);
    }

    final void unwatch(PollLoop.Task task) {
        loop.remove(task);
    }

    /** Something has changed that the poll loop waits for. */
    final void lookAgain() {
        loop.wake();
    }

    /** Has the poll loop come by until nobody waits. */
    final void visit() {
        if (visited.compareAndSet(false, true)) {
            loop.add(this);
        } else {
            loop.wake();
        }
    }

    @Override
    public final int doWork() {
        int work = conditions.check();
        while (work < RUN && serveHead()) {
            work++;
        }
        if (disposing && ended) {
            conditions.refuse();
        }
        if (ended) {
            endSends();
        }
        if (!isNeeded()) {
            rest();
        }
        return work;
    }

    private boolean isNeeded() {
        return !waiting.isEmpty() || !conditions.isEmpty() || isToBeEnded() || (ended && !sends.isEmpty());
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
    public final long patienceNanos() {
        return waiting.isEmpty() ? Long.MAX_VALUE : patienceNanos;
    }

    @Override
    public final void arm(int loopIndex) {
        armedFreeBytes = ring.freeBytes();
        armedSubscribers = ring.subscriberCount();
        ring.arm(loopIndex);
    }

    @Override
    public final boolean isReady() {
        return (ended && !waiting.isEmpty())
                || (disposing && isFree())
                || armedFreeBytes != ring.freeBytes()
                || armedSubscribers != ring.subscriberCount()
                || conditions.isAnyMet();
    }

    /** Leaves the poll loop, unless somebody came to wait in between. */
    private void rest() {
        loop.remove(this);
        visited.set(false);
        if (isNeeded()) {
            visit();
        }
    }

    /** The end waits for whoever is inside to leave, however often others enter: so the loop stays until it has written it. */
    private boolean isToBeEnded() {
        return disposing && !ended;
    }

    @Override
    public final void failed(Throwable error) {
        visited.set(false); // before the refusals: who comes too late for them is told by the loop
        IpcException reason = new IpcException(
                ErrorCode.CLOSED, "stream \"" + spec.name() + "\" failed: " + error + "; publish it anew", error);
        if (!ended) {
            ended = true;
            ring.close();
            onEnd();
        }
        for (Writer writer = waiting.poll(); writer != null; writer = waiting.poll()) {
            writer.refused(reason);
        }
        conditions.refuse();
        endSends();
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    final boolean hasEnded() {
        return ended;
    }

    /** Whether the end is to come as soon as nobody is inside, or has come so. */
    final boolean isDisposing() {
        return disposing;
    }

    /** Writes the end and takes the ring's name away: who has it mapped reads on. Inside the turnstile. */
    final void end(EndOfStream end) {
        if (!ended) {
            ring.end(end);
            ended = true;
            ring.close();
            onEnd();
        }
    }

    /**
     * Has a send told when the publication ends, though its source be silent. It is in the set before the look at the end, which is
     * stored before a look at the set: one of the two finds the other, and has the loop tell.
     */
    final void tellOfEnd(SendSubscriber<T> send) {
        sends.add(send);
        if (ended) {
            visit();
        }
    }

    final void tellOfEndNoMore(SendSubscriber<T> send) {
        sends.remove(send);
    }

    private void endSends() {
        for (SendSubscriber<T> send : sends) {
            sends.remove(send);
            send.publicationEnded();
        }
    }

    /** Ends as soon as nobody is inside: before those who wait. */
    final void endSoon() {
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

    /** Called once, when the publication has ended. */
    abstract void onEnd();

    final IpcException closed() {
        return new IpcException(
                ErrorCode.CLOSED,
                "stream \"" + spec.name() + "\" (session " + ring.sessionId()
                        + ") was completed, failed or closed here; publish it anew");
    }
}
