package io.reactiveipc.test.internal;

import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** A ring consumer that passes everything on; a base for those that do not pass on everything. */
public class DelegatingConsumer implements RingConsumer {
    private final RingConsumer consumer;

    /** @param consumer to pass everything on to */
    protected DelegatingConsumer(RingConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public int poll() {
        return consumer.poll();
    }

    /** By {@link #poll()}, so that who changes what a poll finds changes this too. */
    @Override
    public int pollOn() {
        return poll();
    }

    @Override
    public DirectBuffer buffer() {
        return consumer.buffer();
    }

    @Override
    public int length() {
        return consumer.length();
    }

    @Override
    public long sequence() {
        return consumer.sequence();
    }

    @Override
    public long timestampNanos() {
        return consumer.timestampNanos();
    }

    @Override
    public boolean isRedelivered() {
        return consumer.isRedelivered();
    }

    @Override
    public @Nullable Member member() {
        return consumer.member();
    }

    @Override
    public void advance() {
        consumer.advance();
    }

    @Override
    public long position() {
        return consumer.position();
    }

    @Override
    public void release(long position) {
        consumer.release(position);
    }

    @Override
    public int capacity() {
        return consumer.capacity();
    }

    @Override
    public EndOfStream end() {
        return consumer.end();
    }

    @Override
    public String sessionId() {
        return consumer.sessionId();
    }

    @Override
    public UUID node() {
        return consumer.node();
    }

    @Override
    public long lag() {
        return consumer.lag();
    }

    @Override
    public void arm(int loop) {
        consumer.arm(loop);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
