package io.reactiveipc.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Payloads in Netty's buffers. One per thread. */
final class Frames {
    /** A length of four bytes, and four more that keep the words of the payload aligned. */
    static final int HEADER = 8;

    private final UnsafeBuffer view = new UnsafeBuffer();

    /** A buffer with one payload and no more. */
    ByteBuf bare(ByteBufAllocator allocator, Payload payload) {
        ByteBuf buffer = allocator.directBuffer(payload.length(), payload.length());
        write(buffer, 0, payload);
        return buffer;
    }

    /** A buffer with one payload behind its length. */
    ByteBuf framed(ByteBufAllocator allocator, Payload payload) {
        ByteBuf buffer = allocator.directBuffer(HEADER + payload.length(), HEADER + payload.length());
        add(buffer, payload);
        return buffer;
    }

    /** Adds a payload behind its length. */
    void add(ByteBuf buffer, Payload payload) {
        int index = buffer.writerIndex();
        buffer.setInt(index, payload.length());
        buffer.setInt(index + Integer.BYTES, 0);
        write(buffer, index + HEADER, payload);
    }

    private void write(ByteBuf buffer, int index, Payload payload) {
        ByteBuffer bytes = buffer.internalNioBuffer(index, payload.length());
        view.wrap(bytes, bytes.position(), payload.length());
        payload.writeTo(view, 0);
        buffer.writerIndex(index + payload.length());
    }

    /** Tells the listener a buffer's readable bytes as one message. */
    void deliver(ByteBuf buffer, Listener listener) {
        int length = buffer.readableBytes();
        ByteBuffer bytes = buffer.nioBufferCount() == 1
                ? buffer.internalNioBuffer(buffer.readerIndex(), length)
                : buffer.nioBuffer();
        view.wrap(bytes, bytes.position(), length);
        listener.onMessage(view, 0, length);
    }
}
