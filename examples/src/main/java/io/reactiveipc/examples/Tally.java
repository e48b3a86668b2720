package io.reactiveipc.examples;

import io.reactiveipc.Message;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.HdrHistogram.Histogram;

/**
 * What one process sent or received in one phase: how much, and a checksum over each length and byte in order, so that a
 * message lost, doubled, swapped or changed shows. One thread counts; any thread may look at {@link #messages()} and {@link
 * #bytes()}.
 */
final class Tally {
    private static final long LONGEST_LATENCY = TimeUnit.MINUTES.toNanos(10);

    private final CRC32C checksum = new CRC32C();
    private final Histogram latencies = new Histogram(LONGEST_LATENCY, 3);
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private byte[] copy = new byte[4096];
    private long sentAt;
    private long startedAt;
    private long endedAt;

    void add(byte[] message, int length) {
        checksum.update(length);
        checksum.update(length >>> 8);
        checksum.update(length >>> 16);
        checksum.update(length >>> 24);
        checksum.update(message, 0, length);
        long count = messages.getPlain();
        if (count == 0) {
            startedAt = System.nanoTime();
        }
        messages.setOpaque(count + 1);
        bytes.setOpaque(bytes.getPlain() + length);
    }

    /** Counts a message where it is in the ring; a mapper for {@code receive}. */
    Tally add(Message message) {
        int length = message.length();
        if (length > copy.length) {
            copy = new byte[length];
        }
        message.buffer().getBytes(0, copy, 0, length);
        add(copy, length);
        sentAt = message.timestampNanos();
        return this;
    }

    /** The message added last has come to the subscriber's {@code onNext}. */
    void arrived() {
        endedAt = System.nanoTime();
        latencies.recordValue(Math.min(LONGEST_LATENCY, Math.max(0, endedAt - sentAt)));
    }

    /** What was added last is sent, and everywhere. */
    void ended() {
        endedAt = System.nanoTime();
    }

    long messages() {
        return messages.getOpaque();
    }

    long bytes() {
        return bytes.getOpaque();
    }

    PhaseReport report(Phase phase) {
        return new PhaseReport(
                phase,
                messages(),
                bytes(),
                checksum.getValue(),
                messages() == 0 ? 0 : endedAt - startedAt,
                Percentiles.of(latencies));
    }
}
