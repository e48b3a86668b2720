package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.spi.RingConsumer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The leases out on one ring, in ring order. The ring's space is given back up to the oldest lease still out. Leases are
 * released by any thread, so everything here is under the book's monitor; the hot ways of receiving do without it.
 */
final class LeaseBook implements Leases {
    private final RingConsumer consumer;
    private final int maxLeases;
    private final AtomicInteger leased;
    private final ArrayDeque<RingLease> out = new ArrayDeque<>();
    private int unreleased;
    private long frontier;
    private boolean closing;

    LeaseBook(RingConsumer consumer, int maxLeases, AtomicInteger leased) {
        this.consumer = consumer;
        this.maxLeases = maxLeases;
        this.leased = leased;
        this.frontier = consumer.position();
    }

    /** A copy when too much is out already. */
    @Override
    public synchronized Message lease(int index) {
        RingLease oldest = out.peekFirst();
        long held = oldest == null ? 0 : consumer.position() - oldest.start;
        if (unreleased >= maxLeases || held + consumer.length() > consumer.capacity() / 2) {
            return HeapMessage.copyOf(consumer, index);
        }
        RingLease lease = new RingLease(this, consumer.position());
        out.addLast(lease);
        unreleased++;
        leased.incrementAndGet();
        return new LeasedMessage(consumer, index, lease);
    }

    @Override
    public synchronized void settle() {
        frontier = consumer.position();
        giveBack();
    }

    @Override
    public synchronized void close() {
        closing = true;
        giveBack();
    }

    private void giveBack() {
        while (!out.isEmpty() && out.peekFirst().released) {
            out.removeFirst();
        }
        if (out.isEmpty() && closing) {
            consumer.close();
        } else {
            consumer.release(out.isEmpty() ? frontier : out.peekFirst().start);
        }
    }

    private synchronized void release(RingLease lease) {
        if (!lease.released) {
            lease.released = true;
            unreleased--;
            leased.decrementAndGet();
            giveBack();
        }
    }

    private static final class RingLease implements Lease {
        private final LeaseBook book;
        private final long start;
        private boolean released;

        RingLease(LeaseBook book, long start) {
            this.book = book;
            this.start = start;
        }

        @Override
        public void release() {
            book.release(this);
        }

        @Override
        public void giveBack() {
            book.release(this);
        }
    }
}
