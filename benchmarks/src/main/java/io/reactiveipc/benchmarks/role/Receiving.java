package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Listener;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Verifies and counts. {@code expect <count>} makes each receiver wait for that many more; when the last one has them all,
 * it replies {@code received <end>}, in nanoseconds.
 */
final class Receiving implements Role {
    private final Parent parent;
    private final int length;
    private final int senders;
    private final int receiversPerEnd;
    private final AtomicInteger waitedFor = new AtomicInteger();
    private int receivers;
    private volatile long target;

    Receiving(Parent parent, int length, int senders, int receiversPerEnd) {
        this.parent = parent;
        this.length = length;
        this.senders = senders;
        this.receiversPerEnd = receiversPerEnd;
    }

    @Override
    public void attach(List<Endpoint> ends) {
        // With a link for each sender, the messages of each come over a link of its own.
        for (Endpoint end : ends) {
            for (int i = 0; i < receiversPerEnd; i++) {
                end.listen(new Counter(new Arrivals(senders)));
                receivers++;
            }
        }
    }

    private final class Counter extends Listener {
        private final Arrivals arrivals;

        Counter(Arrivals arrivals) {
            super(length);
            this.arrivals = arrivals;
        }

        @Override
        protected void accept(long sequence, long time) {
            if (arrivals.note(sequence) == target && waitedFor.decrementAndGet() == 0) {
                parent.tell("received", Long.toString(System.nanoTime()));
            }
        }
    }

    @Override
    public void command(String verb, String[] words) {
        waitedFor.set(receivers);
        target = target + Long.parseLong(words[1]);
        parent.tell("expecting", "");
    }
}
