package io.reactiveipc.examples;

import java.util.Locale;

/** Numbers for people. */
final class Quantity {
    private Quantity() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** In units of 1000. */
    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return count(bytes) + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + " " + units[unit];
    }

    static String nanos(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        String[] units = {"µs", "ms", "s"};
        double value = nanos;
        int unit = -1;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + " " + units[unit];
    }

    static String perSecond(long count, long nanos) {
        return nanos == 0 ? "-" : count(Math.round(count * 1e9 / nanos));
    }

    static String bytesPerSecond(long bytes, long nanos) {
        return nanos == 0 ? "-" : bytes(Math.round(bytes * 1e9 / nanos)) + "/s";
    }

    /** Three of them, no more. */
    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
}
