package io.reactiveipc.uds.session;

import java.util.concurrent.TimeUnit;

/** So many a second, counted from second to second. */
final class Allowance {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private long windowStart;
    private int taken;

    Allowance(int perSecond, long now) {
        this.perSecond = perSecond;
        this.windowStart = now;
    }

    /** @return whether one more is within the limit */
    boolean take(long now) {
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            taken = 0;
        }
        if (taken == perSecond) {
            return false;
        }
        taken++;
        return true;
    }

    /** Nanoseconds until there is more. */
    long renewsIn(long now) {
        return Math.max(0, windowStart + WINDOW_NANOS - now);
    }
}
