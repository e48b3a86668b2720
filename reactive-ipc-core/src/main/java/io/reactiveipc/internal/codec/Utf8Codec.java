package io.reactiveipc.internal.codec;

import io.reactiveipc.Codec;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Strings as UTF-8. An unpaired surrogate becomes {@code '?'}. */
public final class Utf8Codec implements Codec<String> {
    public static final Utf8Codec INSTANCE = new Utf8Codec();

    private Utf8Codec() {}

    @Override
    public String typeId() {
        return "utf-8";
    }

    @Override
    public int encodedLength(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public int encode(String value, MutableDirectBuffer buffer) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        buffer.putBytes(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    @Override
    public String decode(DirectBuffer buffer, int length) {
        return buffer.getStringWithoutLengthUtf8(0, length);
    }
}
