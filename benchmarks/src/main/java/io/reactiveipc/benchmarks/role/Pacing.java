package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Listener;
import io.reactiveipc.benchmarks.peer.Payload;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Open loop: calls leave on a schedule, whether or not answers have come. A trip starts at its place in the schedule; only
 * where the timer woke the sender late, and nothing else did, it starts with the waking. So a stall of either side counts
 * for all calls that were due meanwhile. {@code pace <nanos> <calls a second>} replies {@code paced <trips> <lateness of the
 * timer>}, both as histograms.
 */
final class Pacing implements Role {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Parent parent;
    private final int length;
    private final Payload call;
    private final Arrivals arrivals = new Arrivals(1);
    private final Trips trips = new Trips();
    private final Trips lateness = new Trips();
    private long sent;
    private volatile long answered;
    private Endpoint end;

    Pacing(Parent parent, int length) {
        this.parent = parent;
        this.length = length;
        this.call = new Payload(length);
    }

    @Override
    public void attach(List<Endpoint> ends) {
        end = ends.get(0);
        end.listen(new Listener(length) {
            @Override
            protected void accept(long sequence, long time) {
                trips.record(System.nanoTime() - time);
                answered = arrivals.note(sequence);
            }
        });
    }

    @Override
    public void command(String verb, String[] words) {
        long duration = Long.parseLong(words[1]);
        long interval = TimeUnit.SECONDS.toNanos(1) / Long.parseLong(words[2]);
        trips.reset();
        lateness.reset();
        long start = System.nanoTime();
        for (long due = start; due - start < duration; due += interval) {
            long begin = due;
            if (System.nanoTime() < due) {
                begin = parkUntil(due);
                lateness.record(begin - due);
            }
            end.send(call.of(sent++, begin));
        }
        awaitAnswers();
        parent.tell("paced", trips.encode() + " " + lateness.encode());
    }

    private static long parkUntil(long due) {
        long now;
        while ((now = System.nanoTime()) < due) {
            LockSupport.parkNanos(due - now);
        }
        return now;
    }

    private void awaitAnswers() {
        long until = System.nanoTime() + PATIENCE;
        while (answered < sent) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("only " + answered + " answers to " + sent + " calls after 20 s");
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
