package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BroadcasterAndClientIT {
    @TempDir
    Path directory;

    private RunningJar start(String example, String... more) throws IOException {
        String[] all = new String[more.length + 2];
        all[0] = example;
        all[1] = "--directory=" + directory;
        System.arraycopy(more, 0, all, 2, more.length);
        return RunningJar.start(all);
    }

    private static List<String> texts(RunningJar client) {
        return client.out().stream()
                .filter(line -> line.startsWith("latency: "))
                .peek(line -> assertThat(line).matches("latency: \\d+ ns - .*"))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    @Test
    void theBroadcasterMayStartFirstAndASecondClientMayJoinLater() throws Exception {
        try (RunningJar broadcaster = start("broadcaster")) {
            broadcaster.awaitLine("is open");
            broadcaster.type("to nobody");
            broadcaster.awaitLine("Published: to nobody  (nobody listens yet)");
            try (RunningJar first = start("client")) {
                first.awaitLine("connected");
                broadcaster.type("grüße");
                first.awaitLine("grüße");
                try (RunningJar second = start("client")) {
                    second.awaitLine("connected");
                    broadcaster.type("");
                    broadcaster.type("to both");
                    broadcaster.type("exit");
                    broadcaster.assertExit(0);
                    first.assertExit(0);
                    second.assertExit(0);
                    assertThat(texts(first)).containsExactly("grüße", "", "to both", "exit");
                    assertThat(texts(second)).containsExactly("", "to both", "exit");
                    assertThat(broadcaster.out()).contains("Published: to both", "Published: exit");
                }
            }
        }
    }

    @Test
    void theClientMayStartFirstAndEndsWithTheStream() throws Exception {
        try (RunningJar client = start("client", "--stream", "news")) {
            client.awaitLine("waiting for a broadcaster of stream \"news\"");
            try (RunningJar broadcaster = start("broadcaster", "--stream", "news", "--clients", "1")) {
                broadcaster.print("one\ntwo");
                broadcaster.endInput();
                broadcaster.assertExit(0);
                client.assertExit(0);
                assertThat(texts(client)).containsExactly("one", "two");
                assertThat(client.out()).last().isEqualTo("the broadcaster ended the stream");
            }
        }
    }

    @Test
    void aBroadcasterThatIsKilledIsReportedAndAnotherOneMayFollow() throws Exception {
        try (RunningJar broadcaster = start("broadcaster");
                RunningJar client = start("client")) {
            client.awaitLine("connected");
            broadcaster.type("last words");
            client.awaitLine("last words");
            broadcaster.kill();
            client.assertExit(1);
            assertThat(client.errors()).startsWith("client: the publisher of stream \"lines\" died");
        }
        try (RunningJar client = start("client");
                RunningJar broadcaster = start("broadcaster", "--clients=1")) {
            broadcaster.type("exit");
            broadcaster.assertExit(0);
            client.assertExit(0);
            assertThat(texts(client)).containsExactly("exit");
        }
    }

    @Test
    void aBroadcasterThatIsAskedToEndCompletesTheStream() throws Exception {
        try (RunningJar broadcaster = start("broadcaster");
                RunningJar client = start("client")) {
            client.awaitLine("connected");
            broadcaster.askToEnd();
            client.assertExit(0);
            assertThat(client.out()).last().isEqualTo("the broadcaster ended the stream");
            assertThat(broadcaster.awaitExit()).isEqualTo(143);
            assertThat(broadcaster.errors()).isEmpty();
        }
    }

    @Test
    void aClientThatIsAskedToEndLeavesQuietly() throws Exception {
        try (RunningJar broadcaster = start("broadcaster");
                RunningJar client = start("client")) {
            client.awaitLine("connected");
            client.askToEnd();
            assertThat(client.awaitExit()).isEqualTo(143);
            assertThat(client.errors()).isEmpty();
            broadcaster.type("to nobody");
            broadcaster.awaitLine("Published: to nobody  (nobody listens yet)");
        }
    }

    @Test
    void theQuickStartOfTheReadmeRuns() throws Exception {
        String property = "-Dreactive.ipc.directory=" + directory;
        try (RunningJar subscriber = RunningJar.startClass(QuickStartSubscriber.class, property);
                RunningJar publisher = RunningJar.startClass(QuickStartPublisher.class, property)) {
            publisher.assertExit(0);
            subscriber.assertExit(0);
            assertThat(subscriber.out()).hasSize(1_000).startsWith("hello 1").endsWith("hello 1000");
        }
    }
}
