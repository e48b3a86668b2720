package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.spi.RingConsumer;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;

/**
 * The leases out on one ring, in ring order. The ring's space is given back up to the oldest lease still out. Leases are
 * released by any thread, so everything here is under the book's monitor; the hot ways of receiving do without it.
 */
final class LeaseBook {
    private static final Cleaner LEAKS = Cleaner.create();

    private final RingConsumer consumer;
    private final int maxLeases;
    private final ArrayDeque<Lease> out = new ArrayDeque<>();
    private int unreleased;
    private long frontier;
    private boolean closing;

    LeaseBook(RingConsumer consumer, int maxLeases) {
        this.consumer = consumer;
        this.maxLeases = maxLeases;
        this.frontier = consumer.position();
    }

    /** The record at hand as a lease, or as a copy when too much is out already. */
    synchronized Message lease(int index) {
        Lease oldest = out.peekFirst();
        long held = oldest == null ? 0 : consumer.position() - oldest.start;
        if (unreleased >= maxLeases || held + consumer.length() > consumer.capacity() / 2) {
            return HeapMessage.copyOf(consumer, index);
        }
        Lease lease = new Lease(this, consumer.position());
        out.addLast(lease);
        unreleased++;
        LeasedMessage message = new LeasedMessage(consumer, index, lease);
        LEAKS.register(message.view(), lease); // not the message: its buffer may be held longer
        return message;
    }

    /** Gives back what no lease holds, up to the consumer's position. The reader calls it. */
    synchronized void settle() {
        frontier = consumer.position();
        giveBack();
    }

    /** Detaches the consumer now, or with the last lease. */
    synchronized void close() {
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

    private synchronized void release(Lease lease) {
        if (!lease.released) {
            lease.released = true;
            unreleased--;
            giveBack();
        }
    }

    /** One lease, apart from its message so that it can be given back when the message and its buffer were forgotten. */
    static final class Lease implements Runnable {
        private final LeaseBook book;
        private final long start;
        private boolean released;

        Lease(LeaseBook book, long start) {
            this.book = book;
            this.start = start;
        }

        void release() {
            book.release(this);
        }

        @Override
        public void run() {
            release();
        }
    }
}
