package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.process.Children;
import io.reactiveipc.test.process.SecondJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples event-receiver and event-sender, run from the jar in either order. */
@Timeout(120)
class EventExamplesIT {
    private static final int MESSAGES = 15;
    private static final int ENDED_BY_SIGTERM = 143;

    @RegisterExtension
    final Children children = new Children();

    private final List<SecondJvm> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(SecondJvm::close);
    }

    @Test
    void theReceiverStartedFirstGetsAll() throws Exception {
        SecondJvm receiver = start("event-receiver");
        receiver.awaitLine("ready on stream");
        SecondJvm sender = start("event-sender", "--interval", "20");

        assertAllSentAndReceived(sender, receiver);

        receiver.awaitLine("left: event-sender");
        end(receiver);
    }

    @Test
    void theSenderStartedFirstWaitsForTheReceiver() throws Exception {
        SecondJvm sender = start("event-sender", "--interval", "20");
        sender.awaitLine("waiting for a receiver");
        SecondJvm receiver = start("event-receiver");

        assertAllSentAndReceived(sender, receiver);

        receiver.awaitLine("left: event-sender");
        end(receiver);
    }

    @Test
    void theReceiverOutlivesASenderThatIsKilledAndServesTheNext() throws Exception {
        SecondJvm receiver = start("event-receiver");
        SecondJvm killed = start("event-sender", "--interval", "60000");
        killed.awaitLine("receiver ready");
        receiver.awaitLine(
                "a heartbeat of the sender",
                line -> line.startsWith("  heartbeat ") && line.contains(" of event-sender"));
        killed.kill();
        receiver.awaitLine("crashed: event-sender");
        receiver.awaitLine("died: session");

        assertAllSentAndReceived(start("event-sender", "--interval", "20"), receiver);

        end(receiver);
        assertThat(lines(receiver, "  crashed: event-sender")).hasSize(1);
    }

    private SecondJvm start(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("--directory", children.directory().toString()));
        SecondJvm jar = RunningJar.start(all.toArray(String[]::new));
        started.add(jar);
        return jar;
    }

    private static void assertAllSentAndReceived(SecondJvm sender, SecondJvm receiver) throws InterruptedException {
        sender.expectExit(0);
        List<String> said = sender.lines();
        assertThat(said).hasSize(MESSAGES + 3);
        assertThat(said.get(0)).startsWith("waiting for a receiver");
        assertThat(said.get(1)).startsWith("receiver ready: \"event-receiver\"");
        assertThat(said.subList(2, MESSAGES + 2)).allMatch(line -> line.startsWith("sending message"));
        assertThat(said.get(MESSAGES + 2)).isEqualTo("all sent and taken");

        receiver.awaitLine("the sender has sent all");
        List<String> got = lines(receiver, "message ");
        assertThat(got).hasSize(MESSAGES);
        for (int i = 1; i <= MESSAGES; i++) {
            assertThat(got.get(i - 1)).startsWith("message " + i + ": message " + i + " of " + MESSAGES + ", sent at ");
        }
    }

    private static List<String> lines(SecondJvm jar, String beginning) {
        return jar.lines().stream().filter(line -> line.startsWith(beginning)).toList();
    }

    private void end(SecondJvm receiver) throws InterruptedException {
        receiver.askToEnd();
        receiver.expectExit(ENDED_BY_SIGTERM);
        assertThat(children.leftovers()).isEmpty();
    }
}
