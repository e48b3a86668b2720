package io.reactiveipc.internal.buffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.AsciiNumberFormatException;
import org.agrona.DirectBuffer;

/**
 * The reads of {@link DirectBuffer} that are made of other reads. Each goes through a checked access of the implementation
 * before it allocates anything, so a length prefix found in the data is never believed. The native order is little-endian:
 * other hosts are refused before a buffer exists.
 */
interface ComposedReads extends DirectBuffer {
    @Override
    default long getLong(int index, ByteOrder byteOrder) {
        long value = getLong(index);
        return byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    @Override
    default int getInt(int index, ByteOrder byteOrder) {
        int value = getInt(index);
        return byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    @Override
    default short getShort(int index, ByteOrder byteOrder) {
        short value = getShort(index);
        return byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Short.reverseBytes(value);
    }

    @Override
    default char getChar(int index, ByteOrder byteOrder) {
        return (char) getShort(index, byteOrder);
    }

    @Override
    default char getChar(int index) {
        return (char) getShort(index);
    }

    @Override
    default double getDouble(int index, ByteOrder byteOrder) {
        return Double.longBitsToDouble(getLong(index, byteOrder));
    }

    @Override
    default double getDouble(int index) {
        return Double.longBitsToDouble(getLong(index));
    }

    @Override
    default float getFloat(int index, ByteOrder byteOrder) {
        return Float.intBitsToFloat(getInt(index, byteOrder));
    }

    @Override
    default float getFloat(int index) {
        return Float.intBitsToFloat(getInt(index));
    }

    @Override
    default void getBytes(int index, byte[] dst) {
        getBytes(index, dst, 0, dst.length);
    }

    @Override
    default void getBytes(int index, ByteBuffer dstBuffer, int length) {
        int position = dstBuffer.position();
        getBytes(index, dstBuffer, position, length);
        dstBuffer.position(position + length);
    }

    @Override
    default String getStringAscii(int index) {
        return getStringAscii(index, getInt(index));
    }

    @Override
    default int getStringAscii(int index, Appendable appendable) {
        return getStringAscii(index, getInt(index), appendable);
    }

    @Override
    default String getStringAscii(int index, ByteOrder byteOrder) {
        return getStringAscii(index, getInt(index, byteOrder));
    }

    @Override
    default int getStringAscii(int index, Appendable appendable, ByteOrder byteOrder) {
        return getStringAscii(index, getInt(index, byteOrder), appendable);
    }

    @Override
    default String getStringAscii(int index, int length) {
        return getStringWithoutLengthAscii(index + STR_HEADER_LEN, length);
    }

    @Override
    default int getStringAscii(int index, int length, Appendable appendable) {
        return getStringWithoutLengthAscii(index + STR_HEADER_LEN, length, appendable);
    }

    @Override
    default String getStringWithoutLengthAscii(int index, int length) {
        return new String(copy(index, length), StandardCharsets.US_ASCII);
    }

    @Override
    default int getStringWithoutLengthAscii(int index, int length, Appendable appendable) {
        boundsCheck(index, length);
        try {
            for (int i = 0; i < length; i++) {
                byte b = getByte(index + i);
                appendable.append(b < 0 ? '?' : (char) b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return length;
    }

    @Override
    default String getStringUtf8(int index) {
        return getStringUtf8(index, getInt(index));
    }

    @Override
    default String getStringUtf8(int index, ByteOrder byteOrder) {
        return getStringUtf8(index, getInt(index, byteOrder));
    }

    @Override
    default String getStringUtf8(int index, int length) {
        return getStringWithoutLengthUtf8(index + STR_HEADER_LEN, length);
    }

    @Override
    default String getStringWithoutLengthUtf8(int index, int length) {
        return new String(copy(index, length), StandardCharsets.UTF_8);
    }

    @Override
    default int parseNaturalIntAscii(int index, int length) {
        return (int) parse(index, length, false, Integer.MAX_VALUE);
    }

    @Override
    default long parseNaturalLongAscii(int index, int length) {
        return parse(index, length, false, Long.MAX_VALUE);
    }

    @Override
    default int parseIntAscii(int index, int length) {
        return (int) parse(index, length, true, Integer.MAX_VALUE);
    }

    @Override
    default long parseLongAscii(int index, int length) {
        return parse(index, length, true, Long.MAX_VALUE);
    }

    @Override
    default void checkLimit(int limit) {
        int capacity = capacity();
        if (limit > capacity) {
            throw new IndexOutOfBoundsException("limit " + limit + " is beyond capacity " + capacity);
        }
    }

    /** Orders by the bytes as unsigned numbers from the first on, then by length; any two kinds of buffer compare alike. */
    @Override
    default int compareTo(DirectBuffer that) {
        int thisCapacity = capacity();
        int thatCapacity = that.capacity();
        int common = Math.min(thisCapacity, thatCapacity);
        for (int i = 0; i < common; i++) {
            int order = Byte.compareUnsigned(getByte(i), that.getByte(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(thisCapacity, thatCapacity);
    }

    @Override
    default void wrap(byte[] buffer) {
        throw notWrapping();
    }

    @Override
    default void wrap(byte[] buffer, int offset, int length) {
        throw notWrapping();
    }

    @Override
    default void wrap(ByteBuffer buffer) {
        throw notWrapping();
    }

    @Override
    default void wrap(ByteBuffer buffer, int offset, int length) {
        throw notWrapping();
    }

    @Override
    default void wrap(DirectBuffer buffer) {
        throw notWrapping();
    }

    @Override
    default void wrap(DirectBuffer buffer, int offset, int length) {
        throw notWrapping();
    }

    @Override
    default void wrap(long address, int length) {
        throw notWrapping();
    }

    /** An address would let other code read on when the memory's time is over. */
    @Override
    default long addressOffset() {
        throw new UnsupportedOperationException(
                "this buffer gives no address away; copy with getBytes(index, destination, destinationIndex, length)");
    }

    private byte[] copy(int index, int length) {
        boundsCheck(index, length);
        byte[] bytes = new byte[length];
        getBytes(index, bytes, 0, length);
        return bytes;
    }

    private long parse(int index, int length, boolean signed, long max) {
        boundsCheck(index, length);
        if (length == 0) {
            throw new AsciiNumberFormatException("no digits to parse at index " + index + ": length is 0");
        }
        String digits = new String(copy(index, length), StandardCharsets.ISO_8859_1);
        int first = signed && digits.charAt(0) == '-' ? 1 : 0;
        // Long.parseLong would take a plus sign and the digits of every script.
        for (int i = first; i < length; i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                throw new AsciiNumberFormatException("not a decimal number: \"" + digits + "\"");
            }
        }
        try {
            long value = Long.parseLong(digits);
            if (value <= max && value >= -max - 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Only a lone minus sign or an overflow is left, and both are told below.
        }
        throw new AsciiNumberFormatException(
                "not a decimal number from " + (signed ? -max - 1 : 0) + " to " + max + ": \"" + digits + "\"");
    }

    private static UnsupportedOperationException notWrapping() {
        return new UnsupportedOperationException(
                "this buffer stays on its memory; use an UnsafeBuffer of your own and copy with getBytes or putBytes");
    }
}
