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
    private final RingConsumer consumer;

    MessageView(RingConsumer consumer) {
        this.consumer = consumer;
        view.expire(EXPIRED);
    }

    /** @param consumer the one given already; a loop over many has it at hand */
    void open(RingConsumer consumer, int index) {
        view.turnTo(consumer.buffer());
        view.open(index, consumer.length());
    }

    void expire() {
        view.expire();
    }

    @Override
    public DirectBuffer buffer() {
        view.capacity(); // throws where its time is over
        return view;
    }

    @Override
    public int length() {
        return view.capacity();
    }

    @Override
    public long sequence() {
        view.capacity();
        return consumer.sequence();
    }

    @Override
    public long timestampNanos() {
        view.capacity();
        return consumer.timestampNanos();
    }

    @Override
    public boolean isRedelivered() {
        view.capacity();
        return consumer.isRedelivered();
    }

    @Override
    public void release() {
        // the callback's return does it
    }
}
