package io.reactiveipc.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The bytes of one input, read as numbers until there are none. Little-endian, so that a saved input can be read in a hex dump. */
public final class FuzzInput {
    private final ByteBuffer bytes;

    public FuzzInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public boolean hasMore() {
        return bytes.hasRemaining();
    }

    /** 0 to 255; 0 when there is no more. */
    public int u8() {
        return bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
    }

    public int u16() {
        return u8() | u8() << 8;
    }

    public int i32() {
        return u16() | u16() << 16;
    }

    public long i64() {
        return i32() & 0xFFFF_FFFFL | (long) i32() << 32;
    }

    /** A number from 0 to below the bound, which is at most 65536. */
    public int below(int bound) {
        return (bound <= 256 ? u8() : u16()) % bound;
    }

    /** All that is left, up to a number of bytes. */
    public byte[] rest(int max) {
        byte[] rest = new byte[Math.min(max, bytes.remaining())];
        bytes.get(rest);
        return rest;
    }

    /** One of a few numbers that are often wrong, or any. */
    public long oddNumber(long... usual) {
        int choice = u8();
        return choice < usual.length
                ? usual[choice]
                : choice < 2 * usual.length ? usual[choice - usual.length] + i32() : i64();
    }

    @Override
    public String toString() {
        return Arrays.toString(bytes.array());
    }
}
