package io.reactiveipc.internal.receive;

import io.reactiveipc.spi.RingConsumer;
import org.jspecify.annotations.Nullable;

/** One publication as one receiver reads it. */
final class Lane {
    final RingConsumer consumer;
    final MessageView message;
    private final @Nullable LeaseBook leases;
    private final long settleAfter;
    private long settled;

    /** Whether another publication ended in order when this one's publisher was dead already. */
    boolean succeeded;

    Lane(RingConsumer consumer, int maxLeases, boolean leasing) {
        this.consumer = consumer;
        this.message = new MessageView(consumer);
        this.leases = leasing ? new LeaseBook(consumer, maxLeases) : null;
        this.settleAfter = consumer.capacity() / 16;
        this.settled = consumer.position();
    }

    LeaseBook leases() {
        assert leases != null;
        return leases;
    }

    /** Gives ring space back once it is worth a cache line to the other core. */
    void settleIfDue() {
        if (consumer.position() - settled >= settleAfter) {
            settle();
        }
    }

    /** Gives back what was read. */
    void settle() {
        long position = consumer.position();
        if (position != settled) {
            settled = position;
            if (leases == null) {
                consumer.release(position);
            } else {
                leases.settle();
            }
        }
    }

    void close() {
        if (leases == null) {
            consumer.close();
        } else {
            leases.close();
        }
    }
}
