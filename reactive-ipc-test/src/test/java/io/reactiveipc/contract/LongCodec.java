package io.reactiveipc.contract;

import io.reactiveipc.Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A number in eight bytes. */
public final class LongCodec implements Codec<Long> {
    public static final LongCodec INSTANCE = new LongCodec();

    private LongCodec() {}

    @Override
    public String typeId() {
        return "test.Long/1";
    }

    @Override
    public int encodedLength(Long value) {
        return Long.BYTES;
    }

    @Override
    public int encode(Long value, MutableDirectBuffer buffer) {
        buffer.putLong(0, value);
        return Long.BYTES;
    }

    @Override
    public Long decode(DirectBuffer buffer, int length) {
        return buffer.getLong(0);
    }
}
