package io.reactiveipc.process;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The bytes of a message as a function of who sent it and its number: most are {@code min} to {@code usual} bytes, one in
 * 512 up to 4 KiB, and one in 65,536 up to {@code max}.
 *
 * @param seed tells publishers apart
 * @param min bytes, at least 16
 */
record Payload(long seed, int min, int usual, int max) {
    private static final int SEED = 0;
    private static final int NUMBER = 8;
    private static final int BODY = 16;
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    int length(long number) {
        long random = mix(seed ^ number * STEP);
        int top = (random >>> 48) == 0 ? max : (random >>> 55) == 0 ? Math.min(max, 4096) : usual;
        return min + (int) ((random & 0x7FFF_FFFF) % (top - min + 1));
    }

    /** Writes a message; returns the sum of it. */
    long write(MutableDirectBuffer buffer, long number, int length) {
        buffer.putLong(SEED, seed);
        buffer.putLong(NUMBER, number);
        long word = mix(seed + number);
        long sum = length;
        int index = BODY;
        for (; index + Long.BYTES <= length; index += Long.BYTES) {
            word += STEP;
            buffer.putLong(index, word ^ word >>> 31);
            sum = sum * 31 + (word ^ word >>> 31);
        }
        for (; index < length; index++) {
            word += STEP;
            buffer.putByte(index, (byte) (word >>> 40));
            sum = sum * 31 + (byte) (word >>> 40);
        }
        return sum;
    }

    static long seedOf(DirectBuffer buffer) {
        return buffer.getLong(SEED);
    }

    static long numberOf(DirectBuffer buffer) {
        return buffer.getLong(NUMBER);
    }

    /**
     * Checks every byte of a message; returns the sum of what was read.
     *
     * @throws IllegalStateException naming the first difference
     */
    long check(DirectBuffer buffer, long number, int length) {
        if (length != length(number)) {
            throw new IllegalStateException(
                    "message " + number + " of " + seed + " has " + length + " bytes, sent were " + length(number));
        }
        long word = mix(seed + number);
        long sum = length;
        int index = BODY;
        for (; index + Long.BYTES <= length; index += Long.BYTES) {
            word += STEP;
            long read = buffer.getLong(index);
            if (read != (word ^ word >>> 31)) {
                throw differs(number, index);
            }
            sum = sum * 31 + read;
        }
        for (; index < length; index++) {
            word += STEP;
            byte read = buffer.getByte(index);
            if (read != (byte) (word >>> 40)) {
                throw differs(number, index);
            }
            sum = sum * 31 + read;
        }
        return sum;
    }

    private IllegalStateException differs(long number, int index) {
        return new IllegalStateException("message " + number + " of " + seed + " differs at byte " + index);
    }

    /** A running sum, which depends on the order. */
    static long add(long running, long sum) {
        return (running ^ sum) * STEP;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
