package io.reactiveipc.uds.session;

import java.util.concurrent.TimeUnit;

/** Counts the frames of each second of one connection. */
final class FrameRate {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int limit;
    private long windowStart;
    private int count;

    FrameRate(int limit, long now) {
        this.limit = limit;
        this.windowStart = now;
    }

    boolean exceededAt(long now) {
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            count = 0;
        }
        return ++count > limit;
    }
}
