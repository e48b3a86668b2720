package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Listener;
import io.reactiveipc.benchmarks.peer.Payload;
import java.util.List;

/**
 * Closed loop: sends the next call when the answer to the last one has come. {@code call <nanos>} does so for that long and
 * replies {@code called <nanos per trip as a histogram>}.
 */
final class Calling implements Role {
    private final Parent parent;
    private final int length;
    private final Payload call;
    private final Arrivals arrivals = new Arrivals(1);
    private final Trips trips = new Trips();
    private long next;
    private volatile long deadline;

    Calling(Parent parent, int length) {
        this.parent = parent;
        this.length = length;
        this.call = new Payload(length);
    }

    @Override
    public void attach(List<Endpoint> ends) {
        Endpoint end = ends.get(0);
        end.listen(new Listener(length) {
            private long until;

            @Override
            protected void accept(long sequence, long time) {
                long now = System.nanoTime();
                arrivals.note(sequence);
                if (until == 0) {
                    until = deadline;
                }
                trips.record(now - time);
                if (now < until) {
                    end.send(call.of(++next, System.nanoTime()));
                } else {
                    until = 0;
                    next++;
                    parent.tell("called", trips.encode());
                }
            }
        });
        this.end = end;
    }

    private Endpoint end;

    @Override
    public void command(String verb, String[] words) {
        trips.reset();
        deadline = System.nanoTime() + Long.parseLong(words[1]);
        end.send(call.of(next, System.nanoTime()));
    }
}
