package io.reactiveipc.uds.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts the bytes of one connection into frames, however they arrive. Believes nothing; keeps at most one frame's bytes, on
 * the heap. Not thread-safe. After a {@link ProtocolViolation} it is of no more use.
 */
public final class FrameDecoder {
    private static final int NO_LENGTH = -1;

    private byte[] frame = new byte[128];
    private int filled;
    private int length = NO_LENGTH;

    /**
     * Takes all readable bytes and passes on the frames they complete. The caller keeps its reference.
     *
     * @throws ProtocolViolation at the first byte that is not the protocol; frames before it have been passed on
     */
    public void feed(ByteBuf bytes, Consumer<? super Frame> frames) throws ProtocolViolation {
        while (bytes.isReadable()) {
            if (length == NO_LENGTH) {
                if (!fill(bytes, Protocol.LENGTH_BYTES)) {
                    return;
                }
                length = checked(littleEndian(Protocol.LENGTH_BYTES, 0).getInt());
            }
            if (!fill(bytes, Protocol.LENGTH_BYTES + length)) {
                return;
            }
            ByteBuffer body = littleEndian(Protocol.LENGTH_BYTES + length, Protocol.LENGTH_BYTES);
            filled = 0;
            length = NO_LENGTH;
            frames.accept(FrameBody.read(body));
        }
    }

    private boolean fill(ByteBuf bytes, int wanted) {
        if (frame.length < wanted) {
            frame = Arrays.copyOf(frame, Math.max(wanted, Math.min(frame.length * 2, Protocol.MAX_FRAME_BYTES)));
        }
        int count = Math.min(wanted - filled, bytes.readableBytes());
        bytes.readBytes(frame, filled, count);
        filled += count;
        return filled == wanted;
    }

    private ByteBuffer littleEndian(int limit, int position) {
        return ByteBuffer.wrap(frame, 0, limit).position(position).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int checked(int length) throws ProtocolViolation {
        if (length < 1 || length > Protocol.MAX_FRAME_BYTES - Protocol.LENGTH_BYTES) {
            throw new ProtocolViolation(
                    FailureCode.LENGTH,
                    "frame length must be 1 to " + (Protocol.MAX_FRAME_BYTES - Protocol.LENGTH_BYTES) + " bytes: "
                            + length);
        }
        return length;
    }
}
