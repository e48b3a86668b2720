package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import io.reactiveipc.process.PeerLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes in containers: process ids that mean nothing to each other, and clocks that differ. */
@Timeout(120)
class NamespacesIT {
    private static final List<String> OWN_PIDS = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final List<String> OWN_CLOCKS =
            List.of("unshare", "--time", "--monotonic=360000", "--boottime=360000", "--fork", "--kill-child");

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private static void assumePossible(List<String> prefix) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        boolean possible;
        try {
            possible = new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            possible = false;
        }
        assumeTrue(possible, String.join(" ", prefix) + " (util-linux) takes privileges that this process has not");
    }

    @Test
    void processesOfOneProcessIdAreNodesOfTheirOwnAndDieEachForItself() throws Exception {
        assumePossible(OWN_PIDS);
        IpcNode node = nodes.open("outside");
        IpcPublication<String> publication = publish(node);
        PeerLog log = PeerLog.of(publication.events());
        ChildJvm first = subscribed("first", OWN_PIDS);
        ChildJvm second = subscribed("second", OWN_PIDS);
        log.await("Ready:first/shared", 1);
        log.await("Ready:second/shared", 1);
        assertThat(first.ask("pid").number("pid"))
                .isEqualTo(second.ask("pid").number("pid"))
                .isEqualTo(1);

        first.kill();
        log.await("Crashed:first", 1);
        awaitOneSubscriber(publication);

        // The process id of the dead one is used again.
        ChildJvm third = subscribed("third", OWN_PIDS);
        log.await("Ready:third/shared", 1);
        second.kill();
        log.await("Crashed:second", 1);
        awaitOneSubscriber(publication);
        third.ask("close");
        log.await("Left:third(closed)", 1);

        assertThat(log.changes())
                .filteredOn(word -> !word.startsWith("NotReady:third"))
                .containsExactlyInAnyOrder(
                        "Ready:first/shared",
                        "Ready:second/shared",
                        "Crashed:first",
                        "Ready:third/shared",
                        "Crashed:second",
                        "Left:third(closed)");
    }

    @Test
    void aProcessWhoseClocksAreHoursAheadIsNotStaleAndItsDeathIsNoticed() throws Exception {
        assumePossible(OWN_CLOCKS);
        IpcNode node = nodes.open(
                "outside", builder -> builder.heartbeat(Duration.ofMillis(50)).staleAfter(Duration.ofSeconds(20)));
        IpcPublication<String> publication = publish(node);
        PeerLog log = PeerLog.of(publication.events());
        ChildJvm ahead = subscribed("ahead", OWN_CLOCKS);
        log.await("Ready:ahead/shared", 1);
        Watched seenThere = Watched.of(ahead, "node");
        seenThere.until("Connected:outside");
        node.events().filter(PeerEvent.Heartbeat.class::isInstance).take(20).blockLast();

        assertThat(seenThere.changes()).containsExactly("Connected:outside");
        ahead.kill();
        log.await("Crashed:ahead", 1);
        assertThat(log.changes()).containsExactly("Ready:ahead/shared", "Crashed:ahead");
    }

    /** A slot is freed soon after the event was told. */
    private static void awaitOneSubscriber(IpcPublication<?> publication) {
        while (publication.subscriberCount() != 1) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static IpcPublication<String> publish(IpcNode node) {
        return Objects.requireNonNull(
                node.publish(StreamSpec.of("shared", Codec.utf8())).block());
    }

    private ChildJvm subscribed(String name, List<String> prefix) {
        ChildJvm child = Children.open(nodes.files().launch(name, prefix));
        child.ask("subscribe", "stream", "shared", "type", Codec.utf8().typeId());
        child.ask("receive");
        return child;
    }
}
