package io.reactiveipc.uds.session;

import java.util.concurrent.TimeUnit;
import reactor.util.Logger;
import reactor.util.Loggers;

/** What peers do wrong, in the log: the first ten lines of each minute loudly, so that a broken peer cannot fill the disk. */
final class Complaints {
    private static final Logger LOG = Loggers.getLogger(Complaints.class);
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int LINES = 10;

    private final Timers timers;
    private long windowStart;
    private int lines;

    Complaints(Timers timers) {
        this.timers = timers;
        this.windowStart = timers.nanos();
    }

    void warn(String line) {
        long now = timers.nanos();
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            lines = 0;
        }
        if (++lines <= LINES) {
            LOG.warn(line);
        } else {
            LOG.debug(line);
        }
    }

    void hostFailed(String what, Throwable cause) {
        LOG.error("the node failed to " + what + "; going on", cause);
    }

    void detail(String line) {
        LOG.debug(line);
    }
}
