package io.reactiveipc.contract;

/** Messages of all lengths whose every byte follows from their number. */
final class Pattern {
    private Pattern() {}

    static byte[] of(long number) {
        byte[] bytes = new byte[length(number)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(number, i);
        }
        return bytes;
    }

    static void check(byte[] bytes, long number) {
        if (bytes.length != length(number)) {
            throw new AssertionError("message " + number + " has " + bytes.length + " bytes");
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != at(number, i)) {
                throw new AssertionError("message " + number + " is torn at byte " + i);
            }
        }
    }

    private static int length(long number) {
        return (int) (number * 7919 % 700);
    }

    private static byte at(long number, int index) {
        return (byte) (number * 31 + index * 17);
    }
}
