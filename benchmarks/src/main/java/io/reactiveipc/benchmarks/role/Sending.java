package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Payload;
import java.util.ArrayList;
import java.util.List;

/** One way: {@code send <count>} sends that many on each link at once and replies {@code sent <start>}, in nanoseconds. */
final class Sending implements Role {
    private final Parent parent;
    private final int length;
    private final List<Line> lines = new ArrayList<>();
    private long next;

    /** One link and the payload that goes over it. */
    private record Line(Endpoint end, Payload payload) {}

    Sending(Parent parent, int length, int source) {
        this.parent = parent;
        this.length = length;
        this.next = Arrivals.first(source);
    }

    @Override
    public void attach(List<Endpoint> ends) {
        ends.forEach(end -> lines.add(new Line(end, new Payload(length))));
    }

    @Override
    public void command(String verb, String[] words) {
        int count = Integer.parseInt(words[1]);
        long start = System.nanoTime();
        List<Thread> others = new ArrayList<>();
        for (Line line : lines.subList(1, lines.size())) {
            Thread thread = new Thread(() -> line.end().sendAll(line.payload(), next, count), "sender");
            thread.start();
            others.add(thread);
        }
        lines.get(0).end().sendAll(lines.get(0).payload(), next, count);
        for (Thread thread : others) {
            join(thread);
        }
        next += count;
        parent.tell("sent", Long.toString(start));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
