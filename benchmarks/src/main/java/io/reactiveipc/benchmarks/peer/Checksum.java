package io.reactiveipc.benchmarks.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Sums of every fourth word, weighted, so that words in the wrong place show, at a word per cycle. */
final class Checksum {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final long[] lanes = new long[4];

    void add(int index, long word) {
        lanes[index & 3] += word;
    }

    long value() {
        return combine(lanes[0], lanes[1], lanes[2], lanes[3]);
    }

    static long combine(long a, long b, long c, long d) {
        return a + 3 * b + 5 * c + 7 * d;
    }

    /** Of the whole message: its two numbers and the sum of its body. */
    static long of(long sequence, long time, long body) {
        return (sequence + 1) * MIX ^ time ^ body;
    }

    /** The sum of the words from {@code offset} to {@code end}. */
    static long ofBody(DirectBuffer buffer, int offset, int end) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        int i = offset;
        for (; i <= end - 32; i += 32) {
            a += buffer.getLong(i);
            b += buffer.getLong(i + 8);
            c += buffer.getLong(i + 16);
            d += buffer.getLong(i + 24);
        }
        if (i < end) {
            a += buffer.getLong(i);
        }
        if (i + 8 < end) {
            b += buffer.getLong(i + 8);
        }
        if (i + 16 < end) {
            c += buffer.getLong(i + 16);
        }
        return combine(a, b, c, d);
    }

    /** The sum of the first {@code end} bytes. Sums of pieces add up, where all but the last are multiples of 32 bytes. */
    static long ofBody(byte[] body, int end) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        int i = 0;
        for (; i <= end - 32; i += 32) {
            a += (long) WORDS.get(body, i);
            b += (long) WORDS.get(body, i + 8);
            c += (long) WORDS.get(body, i + 16);
            d += (long) WORDS.get(body, i + 24);
        }
        if (i < end) {
            a += (long) WORDS.get(body, i);
        }
        if (i + 8 < end) {
            b += (long) WORDS.get(body, i + 8);
        }
        if (i + 16 < end) {
            c += (long) WORDS.get(body, i + 16);
        }
        return combine(a, b, c, d);
    }
}
