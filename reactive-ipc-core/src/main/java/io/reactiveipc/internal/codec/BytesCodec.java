package io.reactiveipc.internal.codec;

import io.reactiveipc.Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Byte arrays as they are. */
public final class BytesCodec implements Codec<byte[]> {
    public static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public String typeId() {
        return "bytes";
    }

    @Override
    public int encodedLength(byte[] value) {
        return value.length;
    }

    @Override
    public int encode(byte[] value, MutableDirectBuffer buffer) {
        buffer.putBytes(0, value, 0, value.length);
        return value.length;
    }

    @Override
    public byte[] decode(DirectBuffer buffer, int length) {
        buffer.boundsCheck(0, length);
        byte[] value = new byte[length];
        buffer.getBytes(0, value, 0, length);
        return value;
    }
}
