package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.spi.RingConsumer;
import org.agrona.DirectBuffer;

/** A view of the ring that holds its record until released. */
final class LeasedMessage implements Message {
    private static final String RELEASED = "the message was released; copy it with toByteArray() before, to keep it";

    private final ReadView view = new ReadView();
    private final LeaseBook.Lease lease;
    private final int length;
    private final long sequence;
    private final long timestampNanos;
    private volatile boolean released;

    LeasedMessage(RingConsumer consumer, int index, LeaseBook.Lease lease) {
        this.lease = lease;
        this.length = consumer.length();
        this.sequence = consumer.sequence();
        this.timestampNanos = consumer.timestampNanos();
        view.bind(consumer.buffer(), index, length);
    }

    /** What must be out of reach before the lease may be given back unasked. */
    Object view() {
        return view;
    }

    @Override
    public DirectBuffer buffer() {
        if (released) {
            throw new IllegalStateException(RELEASED);
        }
        return view;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public void release() {
        if (!released) {
            released = true;
            view.expire(RELEASED);
            lease.release();
        }
    }

    @Override
    public String toString() {
        return "Message(" + sequence + ", " + length + " bytes, " + (released ? "released" : "leased") + ")";
    }
}
