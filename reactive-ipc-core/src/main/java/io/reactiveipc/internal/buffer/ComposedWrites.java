package io.reactiveipc.internal.buffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** The writes of {@link MutableDirectBuffer} that are made of other writes, as {@link ComposedReads} are for reads. */
interface ComposedWrites extends ComposedReads, MutableDirectBuffer {
    @Override
    default boolean isExpandable() {
        return false;
    }

    /** A plain loop: the intrinsic behind it elsewhere ends the process if the file under a mapping was cut short. */
    @Override
    default void setMemory(int index, int length, byte value) {
        boundsCheck(index, length);
        long pattern = (value & 0xFF) * 0x0101_0101_0101_0101L;
        int end = index + length;
        int i = index;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            putLong(i, pattern);
        }
        for (; i < end; i++) {
            putByte(i, value);
        }
    }

    @Override
    default void putLong(int index, long value, ByteOrder byteOrder) {
        putLong(index, byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value));
    }

    @Override
    default void putInt(int index, int value, ByteOrder byteOrder) {
        putInt(index, byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value));
    }

    @Override
    default void putShort(int index, short value, ByteOrder byteOrder) {
        putShort(index, byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Short.reverseBytes(value));
    }

    @Override
    default void putChar(int index, char value, ByteOrder byteOrder) {
        putShort(index, (short) value, byteOrder);
    }

    @Override
    default void putChar(int index, char value) {
        putShort(index, (short) value);
    }

    @Override
    default void putDouble(int index, double value, ByteOrder byteOrder) {
        putLong(index, Double.doubleToRawLongBits(value), byteOrder);
    }

    @Override
    default void putDouble(int index, double value) {
        putLong(index, Double.doubleToRawLongBits(value));
    }

    @Override
    default void putFloat(int index, float value, ByteOrder byteOrder) {
        putInt(index, Float.floatToRawIntBits(value), byteOrder);
    }

    @Override
    default void putFloat(int index, float value) {
        putInt(index, Float.floatToRawIntBits(value));
    }

    @Override
    default void putBytes(int index, byte[] src) {
        putBytes(index, src, 0, src.length);
    }

    @Override
    default void putBytes(int index, ByteBuffer srcBuffer, int length) {
        int position = srcBuffer.position();
        putBytes(index, srcBuffer, position, length);
        srcBuffer.position(position + length);
    }

    @Override
    default int putStringAscii(int index, @Nullable String value) {
        return putStringAscii(index, (CharSequence) value);
    }

    @Override
    default int putStringAscii(int index, @Nullable CharSequence value) {
        return putStringAscii(index, value, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    default int putStringAscii(int index, @Nullable String value, ByteOrder byteOrder) {
        return putStringAscii(index, (CharSequence) value, byteOrder);
    }

    @Override
    default int putStringAscii(int index, @Nullable CharSequence value, ByteOrder byteOrder) {
        int length = value == null ? 0 : value.length();
        boundsCheck(index, Math.addExact(STR_HEADER_LEN, length));
        putInt(index, length, byteOrder);
        return STR_HEADER_LEN + putStringWithoutLengthAscii(index + STR_HEADER_LEN, value);
    }

    @Override
    default int putStringWithoutLengthAscii(int index, @Nullable String value) {
        return putStringWithoutLengthAscii(index, (CharSequence) value);
    }

    @Override
    default int putStringWithoutLengthAscii(int index, @Nullable CharSequence value) {
        return putStringWithoutLengthAscii(index, value, 0, Integer.MAX_VALUE);
    }

    @Override
    default int putStringWithoutLengthAscii(int index, @Nullable String value, int valueOffset, int length) {
        return putStringWithoutLengthAscii(index, (CharSequence) value, valueOffset, length);
    }

    @Override
    default int putStringWithoutLengthAscii(int index, @Nullable CharSequence value, int valueOffset, int length) {
        int count = value == null ? 0 : Math.min(value.length() - valueOffset, length);
        boundsCheck(index, count);
        for (int i = 0; i < count; i++) {
            char c = value.charAt(valueOffset + i);
            putByte(index + i, (byte) (c > 127 ? '?' : c));
        }
        return count;
    }

    @Override
    default int putStringUtf8(int index, @Nullable String value) {
        return putStringUtf8(index, value, Integer.MAX_VALUE);
    }

    @Override
    default int putStringUtf8(int index, @Nullable String value, ByteOrder byteOrder) {
        return putStringUtf8(index, value, byteOrder, Integer.MAX_VALUE);
    }

    @Override
    default int putStringUtf8(int index, @Nullable String value, int maxEncodedLength) {
        return putStringUtf8(index, value, ByteOrder.LITTLE_ENDIAN, maxEncodedLength);
    }

    @Override
    default int putStringUtf8(int index, @Nullable String value, ByteOrder byteOrder, int maxEncodedLength) {
        boundsCheck(index, STR_HEADER_LEN);
        byte[] bytes = utf8(value);
        if (bytes.length > maxEncodedLength) {
            throw new IllegalArgumentException("the string takes " + bytes.length + " bytes of UTF-8; at most "
                    + maxEncodedLength + " are allowed");
        }
        boundsCheck(index, Math.addExact(STR_HEADER_LEN, bytes.length));
        putInt(index, bytes.length, byteOrder);
        putBytes(index + STR_HEADER_LEN, bytes);
        return STR_HEADER_LEN + bytes.length;
    }

    @Override
    default int putStringWithoutLengthUtf8(int index, @Nullable String value) {
        byte[] bytes = utf8(value);
        putBytes(index, bytes);
        return bytes.length;
    }

    @Override
    default int putIntAscii(int index, int value) {
        return putLongAscii(index, value);
    }

    @Override
    default int putNaturalIntAscii(int index, int value) {
        return putNaturalLongAscii(index, value);
    }

    @Override
    default void putNaturalPaddedIntAscii(int index, int length, int value) {
        boundsCheck(index, length);
        String digits = natural(value);
        if (digits.length() > length) {
            throw new NumberFormatException(
                    value + " takes " + digits.length() + " digits; " + length + " are allowed");
        }
        putStringWithoutLengthAscii(index, "0".repeat(length - digits.length()) + digits);
    }

    @Override
    default int putNaturalIntAsciiFromEnd(int value, int endExclusive) {
        boundsCheck(endExclusive, 0);
        String digits = natural(value);
        int start = endExclusive - digits.length();
        putStringWithoutLengthAscii(start, digits);
        return start;
    }

    @Override
    default int putNaturalLongAscii(int index, long value) {
        boundsCheck(index, 1);
        return putStringWithoutLengthAscii(index, natural(value));
    }

    @Override
    default int putLongAscii(int index, long value) {
        return putStringWithoutLengthAscii(index, Long.toString(value));
    }

    /** Agrona's buffers write a missing string as this word. */
    private static byte[] utf8(@Nullable String value) {
        return (value == null ? "null" : value).getBytes(StandardCharsets.UTF_8);
    }

    private static String natural(long value) {
        if (value < 0) {
            throw new NumberFormatException("a natural number is not negative: " + value + "; use putLongAscii");
        }
        return Long.toString(value);
    }
}
