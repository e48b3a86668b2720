package io.reactiveipc.uds.protocol;

import io.reactiveipc.PeerInfo;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** Reads what stands behind a frame's length. Bytes behind the last known field belong to a later minor version. */
final class FrameBody {
    private FrameBody() {}

    static Frame read(ByteBuffer body) throws ProtocolViolation {
        int type = Byte.toUnsignedInt(body.get());
        try {
            return read(type, body);
        } catch (BufferUnderflowException e) {
            throw malformed(type, "ends before its fields do, after " + body.limit() + " bytes");
        }
    }

    private static Frame read(int type, ByteBuffer body) throws ProtocolViolation {
        return switch (type) {
            case Protocol.HELLO, Protocol.WELCOME -> greeting(type, body);
            case Protocol.REFUSED -> new Frame.Refused(Refusal.of(Byte.toUnsignedInt(body.get())), text(type, body));
            case Protocol.READY -> new Frame.Ready(stream(type, body));
            case Protocol.NOT_READY -> new Frame.NotReady(stream(type, body), text(type, body));
            case Protocol.SYNCED -> new Frame.Synced();
            case Protocol.HEARTBEAT ->
                new Frame.Heartbeat(natural(type, "sequence", body), natural(type, "lag", body), ratio(type, body));
            case Protocol.HEARTBEAT_ACK ->
                new Frame.HeartbeatAck(natural(type, "sequence", body), natural(type, "lag", body), ratio(type, body));
            case Protocol.WAKE -> new Frame.Wake();
            case Protocol.GOODBYE -> new Frame.Goodbye(text(type, body));
            case Protocol.FAILURE ->
                new Frame.Failure(FailureCode.of(Byte.toUnsignedInt(body.get())), text(type, body));
            default -> new Frame.Unknown(type);
        };
    }

    private static Frame greeting(int type, ByteBuffer body) throws ProtocolViolation {
        int magic = body.getInt();
        if (magic != Protocol.MAGIC) {
            throw malformed(type, "starts with 0x" + Integer.toHexString(magic) + " and not with RIPC");
        }
        int major = Short.toUnsignedInt(body.getShort());
        int minor = Short.toUnsignedInt(body.getShort());
        if (major != Protocol.MAJOR) {
            return new Frame.OtherMajor(major, minor);
        }
        return type == Protocol.HELLO
                ? new Frame.Hello(major, minor, uuid(body), peer(type, body))
                : new Frame.Welcome(major, minor, peer(type, body));
    }

    private static PeerInfo peer(int type, ByteBuffer body) throws ProtocolViolation {
        UUID node = uuid(body);
        long pid = body.getLong();
        long seconds = body.getLong();
        int nanos = body.getInt();
        if (nanos < 0 || nanos >= 1_000_000_000) {
            throw malformed(type, "has " + nanos + " nanoseconds in a second");
        }
        Instant startedAt;
        try {
            startedAt = Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException e) {
            throw malformed(type, "has a start time out of range: " + seconds + " s");
        }
        return new PeerInfo(node, text(type, body), pid, startedAt);
    }

    private static UUID uuid(ByteBuffer body) {
        return new UUID(body.getLong(), body.getLong());
    }

    private static long natural(int type, String what, ByteBuffer body) throws ProtocolViolation {
        long value = body.getLong();
        if (value < 0) {
            throw malformed(type, "has a negative " + what + ": " + value);
        }
        return value;
    }

    private static double ratio(int type, ByteBuffer body) throws ProtocolViolation {
        double value = body.getDouble();
        if (!(value >= 0 && value <= 1)) {
            throw malformed(type, "has a ring fill outside 0 to 1: " + value);
        }
        return value;
    }

    private static String stream(int type, ByteBuffer body) throws ProtocolViolation {
        int length = Short.toUnsignedInt(body.getShort());
        if (length == 0 || length > Protocol.MAX_STREAM_BYTES) {
            throw malformed(type, "has a stream name of " + length + " bytes; 1 to " + Protocol.MAX_STREAM_BYTES);
        }
        return text(type, length, body);
    }

    private static String text(int type, ByteBuffer body) throws ProtocolViolation {
        return text(type, Short.toUnsignedInt(body.getShort()), body);
    }

    private static String text(int type, int length, ByteBuffer body) throws ProtocolViolation {
        if (length > body.remaining()) {
            throw malformed(type, "has a text of " + length + " bytes, " + body.remaining() + " follow");
        }
        ByteBuffer bytes = body.slice(body.position(), length);
        body.position(body.position() + length);
        try {
            // A fresh decoder reports what String's constructor would replace.
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw malformed(type, "has a text that is no UTF-8");
        }
    }

    private static ProtocolViolation malformed(int type, String what) {
        return new ProtocolViolation(FailureCode.MALFORMED, "frame of type " + type + " " + what);
    }
}
