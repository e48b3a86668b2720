package io.reactiveipc.test.process;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import reactor.core.publisher.Flux;

/** Sends three words to the first subscriber, says so, and lives on. */
final class Sender {
    static final StreamSpec<String> WORDS = StreamSpec.of("words", Codec.utf8()).capacity(65_536);

    private Sender() {}

    public static void main(String[] arguments) {
        IpcNode node = IpcNode.create();
        IpcPublication<String> publication = node.publish(WORDS).block();
        System.out.println("ready");
        publication
                .awaitSubscribers(1)
                .then(publication.send(Flux.just("one", "two", "three")))
                .block();
        System.out.println("sent");
        node.onDispose().block();
    }
}
