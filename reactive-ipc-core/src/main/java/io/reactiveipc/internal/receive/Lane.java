package io.reactiveipc.internal.receive;

import io.reactiveipc.spi.RingConsumer;
import org.jspecify.annotations.Nullable;

/** One publication as one receiver reads it. */
final class Lane {
    final RingConsumer consumer;
    final MessageView message;
    final RingConsumer.@Nullable Member member;
    private final @Nullable Leases leases;
    private final long settleAfter;
    private long settled;
    private long due;

    /** Whether another publication ended in order when this one's publisher was dead already. */
    boolean succeeded;

    /** @param leases who keeps the leases, if there are to be any */
    Lane(RingConsumer consumer, @Nullable Leases leases) {
        this.consumer = consumer;
        this.message = new MessageView(consumer);
        this.member = consumer.member();
        this.leases = leases;
        this.settleAfter = consumer.capacity() / 16;
        this.settled = consumer.position();
        this.due = settled + settleAfter;
    }

    /** Whether the message that was polled is for this receiver, and for nobody else in its group. */
    boolean claim() {
        return member == null || member.claim();
    }

    boolean isMember() {
        return member != null;
    }

    Leases leases() {
        assert leases != null;
        return leases;
    }

    /**
     * Gives ring space back once it is worth a cache line to the other core.
     *
     * @param position the consumer's
     */
    void settleIfDue(long position) {
        if (position >= due) {
            settle();
        }
    }

    /** Gives back what was read, by somebody else than who reads it. What a member of a group has may still be in work. */
    void settleUnasked() {
        if (member == null) {
            settle();
        }
    }

    /** Gives back what was read. */
    void settle() {
        if (member != null) {
            member.settle();
            return;
        }
        long position = consumer.position();
        if (position != settled) {
            settled = position;
            due = position + settleAfter;
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
