package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Listener;
import io.reactiveipc.benchmarks.peer.Payload;
import java.util.List;

/** Verifies each call and answers with a message written anew, of the same number and time. */
final class Answering implements Role {
    private final int length;

    Answering(int length) {
        this.length = length;
    }

    @Override
    public void attach(List<Endpoint> ends) {
        for (Endpoint end : ends) {
            Payload answer = new Payload(length);
            Arrivals arrivals = new Arrivals(1);
            end.listen(new Listener(length) {
                @Override
                protected void accept(long sequence, long time) {
                    arrivals.note(sequence);
                    end.send(answer.of(sequence, time));
                }
            });
        }
    }

    @Override
    public void command(String verb, String[] words) {
        throw new IllegalArgumentException("an answering side takes no commands: " + verb);
    }
}
