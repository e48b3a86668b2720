package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import reactor.core.publisher.Flux;

/** The README's first program. */
public final class QuickStartPublisher {
    private QuickStartPublisher() {}

    public static void main(String[] args) {
        StreamSpec<String> greetings = StreamSpec.of("greetings", Codec.utf8());
        try (IpcNode node = IpcNode.create()) {
            IpcPublication<String> publication = node.publish(greetings).block();
            publication.awaitSubscribers(1).block();
            publication.send(Flux.range(1, 1_000).map(i -> "hello " + i)).block();
            publication.complete().block();
        }
    }
}
