package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.PeerLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As many nodes as one publication serves, each of which publishes to all and reads all. */
@Timeout(120)
class ManyNodesIT {
    private static final int NODES = 64;
    private static final StreamSpec<String> ALL =
            StreamSpec.of("all", Codec.utf8()).capacity(64 * 1024);

    /** So many in one process may keep each other waiting, which is not to be told. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void sixtyFourNodesAllLearnThatAllAreReadyAndReachEachOther() throws InterruptedException {
        long start = System.nanoTime();
        List<IpcPublication<String>> publications = new ArrayList<>();
        List<PeerLog> logs = new ArrayList<>();
        CountDownLatch messages = new CountDownLatch(NODES * NODES);
        Set<String> received = new HashSet<>();
        for (int i = 0; i < NODES; i++) {
            String name = "node " + i;
            IpcNode node = nodes.open(name, builder -> builder.staleAfter(PATIENCE));
            IpcPublication<String> publication = node.publish(ALL).block();
            publications.add(publication);
            logs.add(PeerLog.of(publication.events()));
            node.subscribe(ALL)
                    .flatMapMany(IpcSubscription::receive)
                    .onErrorComplete()
                    .subscribe(text -> {
                        synchronized (received) {
                            if (received.add(text + " to " + name)) {
                                messages.countDown();
                            }
                        }
                    });
        }
        for (int i = 0; i < NODES; i++) {
            for (int other = 0; other < NODES; other++) {
                if (other != i) {
                    logs.get(i).await("Ready:node " + other + "/all", 1);
                }
            }
        }
        print("know each other", start);
        publications.forEach(publication -> publication.awaitSubscribers(NODES).block());
        for (int i = 0; i < NODES; i++) {
            publications.get(i).emit("from " + i).block();
        }
        messages.await();
        print("have reached each other", start);

        for (PeerLog log : logs) {
            assertThat(log.changes()).hasSize(NODES - 1).allMatch(word -> word.startsWith("Ready:"));
        }
        start = System.nanoTime();
        nodes.closeAll();
        print("are closed", start);
        // Each was told of the goodbye of each that closed before it, and of no crash.
        for (PeerLog log : logs) {
            assertThat(log.changes()).noneMatch(word -> word.startsWith("Crashed:"));
        }
    }

    private static void print(String what, long start) {
        System.out.println(NODES + " nodes " + what + " after "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
    }
}
