package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.RingConsumer;
import org.agrona.DirectBuffer;

/** A copy, to be held as long as one likes. */
final class HeapMessage implements Message {
    private final DirectBuffer buffer;
    private final int length;
    private final long sequence;
    private final long timestampNanos;
    private final boolean redelivered;

    private HeapMessage(byte[] bytes, long sequence, long timestampNanos, boolean redelivered) {
        this.buffer = Memory.wrap(bytes);
        this.length = bytes.length;
        this.sequence = sequence;
        this.timestampNanos = timestampNanos;
        this.redelivered = redelivered;
    }

    static HeapMessage copyOf(RingConsumer consumer, int index) {
        byte[] bytes = new byte[consumer.length()];
        consumer.buffer().getBytes(index, bytes);
        return new HeapMessage(bytes, consumer.sequence(), consumer.timestampNanos(), consumer.isRedelivered());
    }

    @Override
    public DirectBuffer buffer() {
        return buffer;
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
        // nothing is held
    }

    @Override
    public String toString() {
        return "Message(" + sequence + ", " + length + " bytes)";
    }
}
