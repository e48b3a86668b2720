package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.spi.RingConsumer;
import org.agrona.DirectBuffer;

/** The record at hand, as a message that lives as long as a callback. */
final class MessageView implements Message {
    static final String EXPIRED =
            "the message was valid only inside the callback; copy what you keep, or use messages()";

    private final ReadView view = new ReadView();
    private int length;
    private long sequence;
    private long timestampNanos;
    private boolean expired = true;

    void bind(RingConsumer consumer, int index) {
        length = consumer.length();
        sequence = consumer.sequence();
        timestampNanos = consumer.timestampNanos();
        view.bind(consumer.buffer(), index, length);
        expired = false;
    }

    void expire() {
        expired = true;
        view.expire(EXPIRED);
    }

    private void check() {
        if (expired) {
            throw new IllegalStateException(EXPIRED);
        }
    }

    @Override
    public DirectBuffer buffer() {
        check();
        return view;
    }

    @Override
    public int length() {
        check();
        return length;
    }

    @Override
    public long sequence() {
        check();
        return sequence;
    }

    @Override
    public long timestampNanos() {
        check();
        return timestampNanos;
    }

    @Override
    public void release() {
        // the callback's return does it
    }
}
