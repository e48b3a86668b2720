package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.process.Children;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples event-receiver and event-sender, run from the jar in either order. */
@Timeout(120)
class EventExamplesIT {
    private static final int MESSAGES = 15;
    private static final int ENDED_BY_SIGINT = 130;

    @RegisterExtension
    final Children children = new Children();

    private final List<ExampleJvm> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (ExampleJvm example : started) {
            example.close();
        }
    }

    @Test
    void theReceiverStartedFirstGetsAll() throws Exception {
        ExampleJvm receiver = start("event-receiver");
        receiver.await("ready on stream", 1);
        ExampleJvm sender = start("event-sender", "--interval", "20");

        assertAllSentAndReceived(sender, receiver);

        receiver.await("  left: event-sender", 1);
        end(receiver);
    }

    @Test
    void theSenderStartedFirstWaitsForTheReceiver() throws Exception {
        ExampleJvm sender = start("event-sender", "--interval", "20");
        sender.await("waiting for a receiver", 1);
        ExampleJvm receiver = start("event-receiver");

        assertAllSentAndReceived(sender, receiver);

        receiver.await("  left: event-sender", 1);
        end(receiver);
    }

    @Test
    void theReceiverOutlivesASenderThatIsKilledAndServesTheNext() throws Exception {
        ExampleJvm receiver = start("event-receiver");
        ExampleJvm killed = start("event-sender", "--interval", "60000");
        killed.await("receiver ready", 1);
        killed.kill();
        receiver.await("  crashed: event-sender", 1);

        ExampleJvm sender = start("event-sender", "--interval", "20");
        assertAllSentAndReceived(sender, receiver);

        end(receiver);
        assertThat(receiver.lines("  crashed: event-sender")).hasSize(1);
        assertThat(receiver.lines("  left: event-sender")).hasSizeLessThan(2);
    }

    private ExampleJvm start(String example, String... more) throws IOException {
        String[] words = new String[more.length + 3];
        words[0] = example;
        words[1] = "--directory";
        words[2] = children.directory().toString();
        System.arraycopy(more, 0, words, 3, more.length);
        ExampleJvm jvm = ExampleJvm.start(words);
        started.add(jvm);
        return jvm;
    }

    private static void assertAllSentAndReceived(ExampleJvm sender, ExampleJvm receiver) throws InterruptedException {
        assertThat(sender.exitCode()).as(sender.toString()).isZero();
        List<String> said = sender.lines();
        assertThat(said.get(1)).as(sender.toString()).startsWith("receiver ready: \"event-receiver\"");
        assertThat(sender.lines("sending message")).hasSize(MESSAGES);
        assertThat(said.get(said.size() - 1)).isEqualTo("all sent and taken");

        receiver.await("the sender has sent all", 1);
        List<String> got = receiver.lines("message ");
        assertThat(got).hasSize(MESSAGES);
        IntStream.rangeClosed(1, MESSAGES).forEach(i -> assertThat(got.get(i - 1))
                .startsWith("message " + (i) + ": message " + i + " of " + MESSAGES + ", sent at "));
    }

    private void end(ExampleJvm receiver) throws Exception {
        receiver.interrupt();
        assertThat(receiver.exitCode()).as(receiver.toString()).isEqualTo(ENDED_BY_SIGINT);
        assertThat(children.leftovers()).isEmpty();
    }
}
