package io.reactiveipc.benchmarks.role;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/** Latencies of one round after the other; what it needs is there from the start. One thread at a time. */
final class Trips {
    private final Histogram histogram = Histograms.create();
    private final ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());

    void record(long nanos) {
        histogram.recordValue(Math.min(nanos, Histograms.HIGHEST));
    }

    void reset() {
        histogram.reset();
    }

    /** As a word of a line, see {@link Histograms#decode}. */
    String encode() {
        bytes.clear();
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }
}
