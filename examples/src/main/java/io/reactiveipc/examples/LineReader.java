package io.reactiveipc.examples;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines as bytes, without their {@code \n}: whatever encoding they are in, they arrive as they were. For one thread. */
final class LineReader implements Closeable {
    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private final int maxLength;
    private final byte[] chunk = new byte[CHUNK];
    private int next;
    private int end;
    private byte[] line = new byte[1024];
    private int length;
    private long cuts;

    /** @param maxLength of a line in bytes; a longer one comes in several pieces */
    LineReader(InputStream in, int maxLength) {
        this.in = in;
        this.maxLength = maxLength;
    }

    /** The next line, or null at the end of the input. */
    byte @Nullable [] next() throws IOException {
        while (next < end || fill()) {
            int stop = Math.min(end, next + maxLength - length);
            int at = next;
            while (at < stop && chunk[at] != '\n') {
                at++;
            }
            append(at);
            if (at < stop) {
                next++;
                return take();
            }
            if (length == maxLength) {
                return cut();
            }
        }
        return length > 0 ? take() : null;
    }

    /** How many times a line was cut because it was too long. */
    long cuts() {
        return cuts;
    }

    private byte[] cut() throws IOException {
        if (next < end || fill()) {
            if (chunk[next] == '\n') {
                next++;
            } else {
                cuts++;
            }
        }
        return take();
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(chunk, 0, CHUNK));
        return end > 0;
    }

    private void append(int stop) {
        int more = stop - next;
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
        }
        System.arraycopy(chunk, next, line, length, more);
        length += more;
        next = stop;
    }

    private byte[] take() {
        byte[] taken = Arrays.copyOf(line, length);
        length = 0;
        return taken;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
