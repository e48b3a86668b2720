package io.reactiveipc.uds.protocol;

import io.netty.buffer.ByteBuf;
import io.reactiveipc.PeerInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Writes frames. Numbers are little-endian; explanations and node names that are too long are cut. */
public final class FrameEncoder {
    private FrameEncoder() {}

    /**
     * Appends a frame.
     *
     * @throws IllegalArgumentException if the frame cannot be written: a stream name longer than 255 bytes, or a frame that
     *     only a decoder makes
     */
    public static void write(Frame frame, ByteBuf out) {
        int start = out.writerIndex();
        out.writeIntLE(0);
        writeBody(frame, out);
        out.setIntLE(start, out.writerIndex() - start - Protocol.LENGTH_BYTES);
    }

    private static void writeBody(Frame frame, ByteBuf out) {
        if (frame instanceof Frame.Hello hello) {
            writeVersion(Protocol.HELLO, hello.major(), hello.minor(), out);
            writeUuid(hello.to(), out);
            writePeer(hello.from(), out);
        } else if (frame instanceof Frame.Welcome welcome) {
            writeVersion(Protocol.WELCOME, welcome.major(), welcome.minor(), out);
            writePeer(welcome.from(), out);
        } else if (frame instanceof Frame.Refused refused) {
            out.writeByte(Protocol.REFUSED).writeByte(refused.code().code());
            writeText(refused.text(), Protocol.MAX_TEXT_BYTES, out);
        } else if (frame instanceof Frame.Ready ready) {
            out.writeByte(Protocol.READY);
            writeStream(ready.stream(), out);
        } else if (frame instanceof Frame.NotReady notReady) {
            out.writeByte(Protocol.NOT_READY);
            writeStream(notReady.stream(), out);
            writeText(notReady.reason(), Protocol.MAX_TEXT_BYTES, out);
        } else if (frame instanceof Frame.Synced) {
            out.writeByte(Protocol.SYNCED);
        } else if (frame instanceof Frame.Heartbeat beat) {
            writeFigures(Protocol.HEARTBEAT, beat.sequence(), beat.lagBytes(), beat.ringFill(), out);
        } else if (frame instanceof Frame.HeartbeatAck ack) {
            writeFigures(Protocol.HEARTBEAT_ACK, ack.sequence(), ack.lagBytes(), ack.ringFill(), out);
        } else if (frame instanceof Frame.Wake) {
            out.writeByte(Protocol.WAKE);
        } else if (frame instanceof Frame.Goodbye goodbye) {
            out.writeByte(Protocol.GOODBYE);
            writeText(goodbye.reason(), Protocol.MAX_TEXT_BYTES, out);
        } else if (frame instanceof Frame.Failure failure) {
            out.writeByte(Protocol.FAILURE).writeByte(failure.code().code());
            writeText(failure.text(), Protocol.MAX_TEXT_BYTES, out);
        } else {
            throw new IllegalArgumentException("only a decoder makes " + frame + "; send one of the named frames");
        }
    }

    private static void writeVersion(int type, int major, int minor, ByteBuf out) {
        out.writeByte(type).writeIntLE(Protocol.MAGIC).writeShortLE(major).writeShortLE(minor);
    }

    private static void writePeer(PeerInfo peer, ByteBuf out) {
        writeUuid(peer.node(), out);
        out.writeLongLE(peer.pid())
                .writeLongLE(peer.startedAt().getEpochSecond())
                .writeIntLE(peer.startedAt().getNano());
        writeText(peer.name(), Protocol.MAX_NAME_BYTES, out);
    }

    private static void writeUuid(UUID uuid, ByteBuf out) {
        out.writeLongLE(uuid.getMostSignificantBits()).writeLongLE(uuid.getLeastSignificantBits());
    }

    private static void writeFigures(int type, long sequence, long lagBytes, double ringFill, ByteBuf out) {
        out.writeByte(type).writeLongLE(sequence).writeLongLE(lagBytes).writeDoubleLE(ringFill);
    }

    private static void writeStream(String stream, ByteBuf out) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > Protocol.MAX_STREAM_BYTES) {
            throw new IllegalArgumentException(
                    "stream name must be 1 to " + Protocol.MAX_STREAM_BYTES + " bytes of UTF-8: it is " + bytes.length);
        }
        out.writeShortLE(bytes.length).writeBytes(bytes);
    }

    private static void writeText(String text, int maxBytes, ByteBuf out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxBytes) {
            int end = maxBytes;
            while ((bytes[end] & 0xC0) == 0x80) {
                end--;
            }
            bytes = Arrays.copyOf(bytes, end);
        }
        out.writeShortLE(bytes.length).writeBytes(bytes);
    }
}
