package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.test.process.SecondJvm;
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

    private SecondJvm start(String example, String... more) throws IOException {
        String[] all = new String[more.length + 2];
        all[0] = example;
        all[1] = "--directory=" + directory;
        System.arraycopy(more, 0, all, 2, more.length);
        return RunningJar.start(all);
    }

    private static List<String> texts(SecondJvm client) {
        return client.lines().stream()
                .filter(line -> line.startsWith("latency: "))
                .peek(line -> assertThat(line).matches("latency: \\d+ ns - .*"))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    @Test
    void theBroadcasterMayStartFirstAndASecondClientMayJoinLater() throws Exception {
        try (SecondJvm broadcaster = start("broadcaster")) {
            broadcaster.awaitLine("is open");
            broadcaster.type("to nobody");
            broadcaster.awaitLine("Published: to nobody  (nobody listens yet)");
            try (SecondJvm first = start("client")) {
                first.awaitLine("connected");
                broadcaster.type("grüße");
                first.awaitLine("grüße");
                try (SecondJvm second = start("client")) {
                    second.awaitLine("connected");
                    broadcaster.type("");
                    broadcaster.type("to both");
                    broadcaster.type("exit");
                    broadcaster.expectExit(0);
                    first.expectExit(0);
                    second.expectExit(0);
                    assertThat(texts(first)).containsExactly("grüße", "", "to both", "exit");
                    assertThat(texts(second)).containsExactly("", "to both", "exit");
                    assertThat(broadcaster.lines()).contains("Published: to both", "Published: exit");
                }
            }
        }
    }

    @Test
    void theClientMayStartFirstAndEndsWithTheStream() throws Exception {
        try (SecondJvm client = start("client", "--stream", "news")) {
            client.awaitLine("waiting for a broadcaster of stream \"news\"");
            try (SecondJvm broadcaster = start("broadcaster", "--stream", "news", "--clients", "1")) {
                broadcaster.typeText("one\ntwo");
                broadcaster.endInput();
                broadcaster.expectExit(0);
                client.expectExit(0);
                assertThat(texts(client)).containsExactly("one", "two");
                assertThat(client.lines()).last().isEqualTo("the broadcaster ended the stream");
            }
        }
    }

    @Test
    void aBroadcasterThatIsKilledIsReportedAndAnotherOneMayFollow() throws Exception {
        try (SecondJvm broadcaster = start("broadcaster");
                SecondJvm client = start("client")) {
            client.awaitLine("connected");
            broadcaster.type("last words");
            client.awaitLine("last words");
            broadcaster.kill();
            client.expectExit(1);
            assertThat(String.join("\n", client.errorLines()))
                    .startsWith("client: the publisher of stream \"lines\" died");
        }
        try (SecondJvm client = start("client");
                SecondJvm broadcaster = start("broadcaster", "--clients=1")) {
            broadcaster.type("exit");
            broadcaster.expectExit(0);
            client.expectExit(0);
            assertThat(texts(client)).containsExactly("exit");
        }
    }

    @Test
    void aBroadcasterThatIsAskedToEndCompletesTheStream() throws Exception {
        try (SecondJvm broadcaster = start("broadcaster");
                SecondJvm client = start("client")) {
            client.awaitLine("connected");
            broadcaster.askToEnd();
            client.expectExit(0);
            assertThat(client.lines()).last().isEqualTo("the broadcaster ended the stream");
            assertThat(broadcaster.awaitExit()).isEqualTo(143);
            assertThat(broadcaster.errorLines()).isEmpty();
        }
    }

    @Test
    void aClientThatIsAskedToEndLeavesQuietly() throws Exception {
        try (SecondJvm broadcaster = start("broadcaster");
                SecondJvm client = start("client")) {
            client.awaitLine("connected");
            client.askToEnd();
            assertThat(client.awaitExit()).isEqualTo(143);
            assertThat(client.errorLines()).isEmpty();
            broadcaster.type("to nobody");
            broadcaster.awaitLine("Published: to nobody  (nobody listens yet)");
        }
    }

    @Test
    void theQuickStartOfTheReadmeRuns() throws Exception {
        String property = "-Dreactive.ipc.directory=" + directory;
        try (SecondJvm subscriber = RunningJar.startClass(QuickStartSubscriber.class, property);
                SecondJvm publisher = RunningJar.startClass(QuickStartPublisher.class, property)) {
            publisher.expectExit(0);
            subscriber.expectExit(0);
            assertThat(subscriber.lines()).hasSize(1_000).startsWith("hello 1").endsWith("hello 1000");
        }
    }
}
