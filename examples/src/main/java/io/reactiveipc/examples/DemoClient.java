package io.reactiveipc.examples;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import java.util.List;
import reactor.core.Disposable;

/** A receiving process of the demo: counts, checks and times what it gets, in both phases. */
final class DemoClient {
    static final String NAME = "demo-client";

    private DemoClient() {}

    static int run(List<String> words, Terminal terminal) {
        DemoOptions options = DemoOptions.parseInChild(words);
        DemoProcess.endWithParent(options);
        try (IpcNode node = DemoProcess.node(NAME, options)) {
            for (Phase phase : Phase.values()) {
                IpcSubscription<byte[]> subscription =
                        node.subscribe(phase.stream()).block();
                Tally tally = new Tally();
                Disposable progress = Progress.print(phase, tally, terminal.out());
                subscription.receive(tally::add).doOnNext(Tally::arrived).blockLast();
                progress.dispose();
                terminal.out().println(tally.report(phase).toLine());
                subscription.dispose();
            }
            return Examples.OK;
        }
    }
}
