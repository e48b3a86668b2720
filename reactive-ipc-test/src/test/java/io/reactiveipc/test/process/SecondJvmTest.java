package io.reactiveipc.test.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.test.junit.IpcExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.test.StepVerifier;

@Timeout(120)
@ExtendWith(IpcExtension.class)
class SecondJvmTest {
    private static final int KILLED = 128 + 9;

    @Test
    void itRunsWithTheClassPathTheArgumentsAndTheDirectory(Path directory) throws Exception {
        try (SecondJvm jvm = SecondJvm.of(Echo.class)
                .arguments("a", "b")
                .directory(directory)
                .start()) {
            assertThat(jvm.awaitLine("started")).isEqualTo("started with a,b in " + directory);
            jvm.type("hello");
            assertThat(jvm.awaitLine("hello")).isEqualTo("echo hello");
            jvm.typeText("no end of line");
            jvm.endInput();
            assertThat(jvm.awaitExit()).isEqualTo(3);
            jvm.expectExit(3);
            assertThatThrownBy(() -> jvm.expectExit(0)).hasMessageContaining("ended with 3");
            assertThat(jvm.lines()).hasSize(3).last().isEqualTo("echo no end of line");
            assertThat(jvm.errorLines()).contains("and an error");
            assertThat(jvm.isAlive()).isFalse();
        }
    }

    @Test
    void allThatItPrintedBeforeItWasKilledIsThere() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (SecondJvm jvm = SecondJvm.start(Talker.class)) {
                jvm.awaitLine("0");
                jvm.kill();
                assertThat(jvm.lines()).hasSize(Talker.LINES);
            }
        }
    }

    @Test
    void allThatItPrintsWhenItIsAskedToEndIsThere() throws Exception {
        try (SecondJvm jvm = SecondJvm.start(Talker.class)) {
            jvm.awaitLine("0");
            jvm.askToEnd();
            jvm.awaitExit();
            assertThat(jvm.lines()).hasSize(Talker.LINES + 1).last().isEqualTo("goodbye");
        }
    }

    @Test
    void aLineThatDoesNotComeIsAFailureThatSaysWhatCameInstead() throws Exception {
        try (SecondJvm jvm = SecondJvm.start(Echo.class)) {
            jvm.endInput();
            assertThatThrownBy(() -> jvm.awaitLine("something else"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("something else")
                    .hasMessageContaining("started with")
                    .hasMessageContaining("and an error")
                    .hasMessageContaining("ended with 3");
        }
        try (SecondJvm jvm =
                SecondJvm.of(Echo.class).patience(Duration.ofMillis(1)).start()) {
            assertThatThrownBy(() -> jvm.awaitLine("something else"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("not within");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsStoppedDoesNothingUntilItIsResumed() throws Exception {
        try (SecondJvm jvm = SecondJvm.start(Echo.class)) {
            jvm.awaitLine("started");
            jvm.stop();
            jvm.type("while stopped");
            assertThat(jvm.lines()).hasSize(1);
            jvm.resume();
            jvm.awaitLine("while stopped");
            jvm.stop();
            jvm.kill();
            assertThat(jvm.awaitExit()).isEqualTo(KILLED);
            assertThatThrownBy(jvm::resume).isInstanceOf(IllegalStateException.class);
        }
    }

    /** More threads than processors: at the signal some of them are not scheduled. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whoHasStoppedAJvmFindsNoneOfItsThreadsRunning() throws Exception {
        try (SecondJvm jvm = SecondJvm.start(Busy.class)) {
            jvm.awaitLine("busy");
            for (int round = 0; round < 20; round++) {
                jvm.stop();
                assertThat(states(jvm)).containsOnly('T');
                jvm.resume();
            }
        }
    }

    private static List<Character> states(SecondJvm jvm) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + jvm.pid() + "/task"))) {
            return threads.map(SecondJvmTest::state).toList();
        }
    }

    private static char state(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void closingEndsWhateverItDoes() throws Exception {
        SecondJvm jvm = SecondJvm.start(Echo.class);
        jvm.awaitLine("started");
        jvm.close();
        assertThat(jvm.handle().isAlive()).isFalse();
        jvm.close();
    }

    @Test
    void whatItSentBeforeItWasKilledArrivesAndThenItIsLost(IpcNode receiver, Path directory) throws Exception {
        try (SecondJvm sender = SecondJvm.of(Sender.class).directory(directory).start()) {
            StepVerifier.create(receiver.subscribe(Sender.WORDS).flatMapMany(IpcSubscription::receive))
                    .expectNext("one", "two", "three")
                    .then(() -> kill(sender))
                    .expectError(PublisherLostException.class)
                    .verify(Duration.ofSeconds(60));
        }
    }

    private static void kill(SecondJvm jvm) {
        try {
            jvm.kill();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
