package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.spi.RingConsumer;
import java.lang.ref.Cleaner;
import org.agrona.DirectBuffer;

/** A view of the ring that holds its record until released. */
final class LeasedMessage implements Message {
    private static final String RELEASED = "the message was released; copy it with toByteArray() before, to keep it";

    private static final Cleaner LEAKS = Cleaner.create();

    private final ReadView view = new ReadView();
    private final Leases.Lease lease;
    private final int length;
    private final long sequence;
    private final long timestampNanos;
    private final boolean redelivered;
    private volatile boolean released;

    LeasedMessage(RingConsumer consumer, int index, Leases.Lease lease) {
        this.lease = lease;
        this.length = consumer.length();
        this.sequence = consumer.sequence();
        this.timestampNanos = consumer.timestampNanos();
        this.redelivered = consumer.isRedelivered();
        view.bind(consumer.buffer(), index, length);
        LEAKS.register(view, lease::giveBack); // not the message: its buffer may be held longer
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
    public boolean isRedelivered() {
        return redelivered;
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
    public void giveBack() {
        if (!released) {
            released = true;
            view.expire(RELEASED);
            lease.giveBack();
        }
    }

    @Override
    public String toString() {
        return "Message(" + sequence + ", " + length + " bytes, " + (released ? "released" : "leased") + ")";
    }
}
