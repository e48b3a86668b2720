package io.reactiveipc.benchmarks.role;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of nanoseconds, and as words of a line. */
public final class Histograms {
    public static final long HIGHEST = TimeUnit.SECONDS.toNanos(60);

    private static final int DIGITS = 3;

    private Histograms() {}

    public static Histogram create() {
        return new Histogram(1, HIGHEST, DIGITS);
    }

    /** All that is in several of them. */
    public static Histogram sum(List<Histogram> histograms) {
        Histogram sum = create();
        histograms.forEach(sum::add);
        return sum;
    }

    /** @throws IllegalArgumentException if the text is none that {@link Trips#encode} made */
    public static Histogram decode(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), HIGHEST);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram: " + text, e);
        }
    }
}
