package io.reactiveipc;

import io.reactiveipc.internal.codec.BytesCodec;
import io.reactiveipc.internal.codec.CborCodec;
import io.reactiveipc.internal.codec.Utf8Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Turns values into bytes in the ring and back. One instance may serve many streams and threads at once.
 *
 * <p>A codec of one's own, for a fixed record:
 *
 * <pre>{@code
 * record Quote(long id, double price) {}
 *
 * final class QuoteCodec implements Codec<Quote> {
 *     public String typeId() { return "com.example.Quote/1"; }
 *     public int encodedLength(Quote quote) { return 16; }
 *     public int encode(Quote quote, MutableDirectBuffer buffer) {
 *         buffer.putLong(0, quote.id());
 *         buffer.putDouble(8, quote.price());
 *         return 16;
 *     }
 *     public Quote decode(DirectBuffer buffer, int length) {
 *         return new Quote(buffer.getLong(0), buffer.getDouble(8));
 *     }
 * }
 * }</pre>
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
    /**
     * Names what the bytes mean. Publisher and subscriber of a stream must agree on it, so change it when the encoding
     * changes. At most 255 bytes of UTF-8.
     */
    String typeId();

    /**
     * How many bytes {@link #encode} may write for this value at most. Called right before {@code encode}, on the same
     * thread, with the same value, so a codec may keep its work in between.
     */
    int encodedLength(T value);

    /**
     * Writes the value from index 0 of the buffer, which holds {@link #encodedLength} bytes of undefined content.
     *
     * @return the number of bytes written; what was claimed beyond it is given back
     */
    int encode(T value, MutableDirectBuffer buffer);

    /**
     * Reads a value from index 0 to {@code length} of the buffer. The buffer is a view of the ring: copy what the value
     * is to keep.
     */
    T decode(DirectBuffer buffer, int length);

    /** Byte arrays as they are. */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /** Strings as UTF-8. An unpaired surrogate becomes {@code '?'}, as in {@link String#getBytes()}. */
    static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }

    /**
     * Anything that Jackson can bind, as CBOR (RFC 8949): records, beans, collections.
     *
     * @throws IpcException with {@link ErrorCode#CODEC} if {@code jackson-dataformat-cbor} is not on the class path
     */
    static <T> Codec<T> cbor(Class<T> type) {
        return CborCodec.of(type);
    }
}
