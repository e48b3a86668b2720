package io.reactiveipc.benchmarks.report;

import java.util.Locale;

/** Numbers for people: three digits, a unit. */
final class Figures {
    private Figures() {}

    static String nanos(double nanos) {
        if (nanos < 10_000) {
            return String.format(Locale.ROOT, "%,.0f ns", nanos);
        }
        return nanos < 10_000_000 ? three(nanos / 1e3) + " µs" : three(nanos / 1e6) + " ms";
    }

    static String perSecond(double count) {
        if (count >= 1e6) {
            return three(count / 1e6) + " M";
        }
        return count >= 1e3 ? three(count / 1e3) + " k" : three(count);
    }

    static String bytesPerSecond(double bytes) {
        return bytes >= 1e9 ? three(bytes / 1e9) + " GB/s" : three(bytes / 1e6) + " MB/s";
    }

    static String ratio(double ratio) {
        return (ratio < 10 ? String.format(Locale.ROOT, "%.2f", ratio) : three(ratio)) + " ×";
    }

    /** About three significant digits. */
    static String three(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
