package io.reactiveipc.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Follows the processes of the demo until all have reported and ended, tells how far they are, and gives up on them. */
final class Watch {
    private static final long LOOK_MILLIS = 20;
    private static final long PRINT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final List<Child> children;
    private final Child broadcaster;
    private final Duration timeout;
    private final boolean inputMayPause;
    private final PrintStream out;
    private final long start = System.nanoTime();
    private long movedAt = start;
    private long moved = -1;
    private long printedAt = start;
    private long printed;

    /**
     * @param children the broadcaster first
     * @param timeout how long nothing may move
     * @param inputMayPause whether that may be for want of input
     */
    Watch(List<Child> children, Duration timeout, boolean inputMayPause, PrintStream out) {
        this.children = children;
        this.broadcaster = children.get(0);
        this.timeout = timeout;
        this.inputMayPause = inputMayPause;
        this.out = out;
    }

    void untilAllReported() throws DemoFailure, InterruptedException {
        while (!allEnded()) {
            checkMoving();
            printProgress();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private boolean allEnded() throws DemoFailure {
        boolean all = true;
        for (Child child : children) {
            if (!child.ended()) {
                all = false;
            } else if (child.exitCode() != 0 || !child.reported(Phase.PACED)) {
                throw new DemoFailure(child.name() + " (process " + child.pid() + ") ended with exit code "
                        + child.exitCode() + " after " + Quantity.count(child.messages(Phase.FLOOD)) + " messages");
            }
        }
        return all;
    }

    private void checkMoving() throws DemoFailure {
        long now = System.nanoTime();
        long steps = steps();
        if (steps != moved || waitsForInput()) {
            moved = steps;
            movedAt = now;
        } else if (now - movedAt > limit().toNanos()) {
            throw new DemoFailure("nothing has moved for " + limit().toSeconds() + " s: " + standing(phase()));
        }
    }

    /** Starting a JVM takes its time on a busy machine. */
    private Duration limit() {
        return moved == 0 && timeout.compareTo(START_TIMEOUT) < 0 ? START_TIMEOUT : timeout;
    }

    private long steps() {
        long steps = 0;
        for (Child child : children) {
            for (Phase phase : Phase.values()) {
                steps += child.messages(phase) + (child.reported(phase) ? 1 : 0);
            }
            steps += child.ended() ? 1 : 0;
        }
        return steps;
    }

    private boolean waitsForInput() {
        long sent = broadcaster.messages(Phase.FLOOD);
        return inputMayPause
                && !broadcaster.reported(Phase.FLOOD)
                && sent > 0
                && children.stream().allMatch(child -> child.messages(Phase.FLOOD) == sent);
    }

    private Phase phase() {
        return broadcaster.reported(Phase.FLOOD) ? Phase.PACED : Phase.FLOOD;
    }

    private void printProgress() {
        long now = System.nanoTime();
        if (now - printedAt >= PRINT_NANOS && moved != printed) {
            printedAt = now;
            printed = moved;
            out.printf("  %5.1f s  %s  %s%n", (now - start) / 1e9, phase().word(), standing(phase()));
        }
    }

    private String standing(Phase phase) {
        StringBuilder text = new StringBuilder();
        for (Child child : children) {
            text.append(text.isEmpty() ? "" : "   ")
                    .append(child.name())
                    .append(' ')
                    .append(String.format("%9s", Quantity.count(child.messages(phase))));
        }
        return text.toString();
    }
}
