package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;

/** The README's second program, in another process. */
public final class QuickStartSubscriber {
    private QuickStartSubscriber() {}

    public static void main(String[] args) {
        StreamSpec<String> greetings = StreamSpec.of("greetings", Codec.utf8());
        try (IpcNode node = IpcNode.create()) {
            node.subscribe(greetings)
                    .flatMapMany(IpcSubscription::receive)
                    .doOnNext(System.out::println)
                    .blockLast();
        }
    }
}
