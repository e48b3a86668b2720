package io.reactiveipc.process;

import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/** The signals of a child: those it gives and those it gets, counted. */
final class Listener extends BaseSubscriber<Signal> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch attached = new CountDownLatch(1);
    private final long demand;
    private volatile long sum;
    private volatile long total;
    private volatile long elements;
    private volatile @Nullable Throwable error;

    private Listener(long demand) {
        this.demand = demand;
    }

    /** Returns when signals count. */
    static Listener open(IpcNode node, String name, long demand) {
        Listener listener = new Listener(demand);
        node.signals(name).subscribe(listener);
        try {
            if (!listener.attached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("not attached");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Throwable refusal = listener.error;
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        return listener;
    }

    static void signal(IpcNode node, String name, long count) {
        for (long i = 0; i < count; i++) {
            node.signal(name).block(PATIENCE);
        }
    }

    /** Signals until the process ends; says so after the first one. */
    static void signalForEver(IpcNode node, String name) {
        signal(node, name, 1);
        node.signal(name)
                .repeat()
                .subscribeOn(Schedulers.newSingle("signals", true))
                .subscribe();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (demand > 0) {
            subscription.request(demand);
        }
        attached.countDown();
    }

    /** In the reverse order of {@link #report}: a total is told with no sum of before it, and an element with both. */
    @Override
    protected void hookOnNext(Signal signal) {
        sum += signal.count();
        total = signal.total();
        elements++;
    }

    @Override
    protected void hookOnError(Throwable reason) {
        error = reason;
        attached.countDown();
    }

    void report(Map<String, String> answer) {
        answer.put("elements", Long.toString(elements));
        answer.put("total", Long.toString(total));
        answer.put("sum", Long.toString(sum));
        answer.put("failed", Boolean.toString(error != null));
    }
}
