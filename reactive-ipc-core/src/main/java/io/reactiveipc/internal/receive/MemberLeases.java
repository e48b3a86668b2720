package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.spi.RingConsumer;
import java.util.concurrent.atomic.AtomicInteger;

/** The leases of a member of a queue group: each is finished, or given back, for itself and in any order. */
final class MemberLeases implements Leases {
    private final RingConsumer consumer;
    private final RingConsumer.Member member;
    private final AtomicInteger leased;
    private final Runnable onRoom;
    private int out;
    private boolean closing;

    MemberLeases(RingConsumer consumer, RingConsumer.Member member, AtomicInteger leased, Runnable onRoom) {
        this.consumer = consumer;
        this.member = member;
        this.leased = leased;
        this.onRoom = onRoom;
    }

    @Override
    public synchronized Message lease(int index) {
        out++;
        leased.incrementAndGet();
        return new LeasedMessage(consumer, index, new MemberLease(this, member.keep()));
    }

    @Override
    public void settle() {
        // each lease for itself
    }

    @Override
    public synchronized void close() {
        closing = true;
        closeIfLast();
    }

    private void closeIfLast() {
        if (closing && out == 0) {
            consumer.close();
        }
    }

    private synchronized void done(MemberLease lease, boolean finished) {
        if (lease.done) {
            return;
        }
        lease.done = true;
        out--;
        leased.decrementAndGet();
        if (finished) {
            member.finish(lease.kept);
        } else if (!closing) { // else the consumer gives it to others when it is closed
            member.giveBack(lease.kept);
        }
        closeIfLast();
        onRoom.run();
    }

    private static final class MemberLease implements Lease {
        private final MemberLeases leases;
        private final int kept;
        private boolean done;

        MemberLease(MemberLeases leases, int kept) {
            this.leases = leases;
            this.kept = kept;
        }

        @Override
        public void release() {
            leases.done(this, true);
        }

        @Override
        public void giveBack() {
            leases.done(this, false);
        }
    }
}
