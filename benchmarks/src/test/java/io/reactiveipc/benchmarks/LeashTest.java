package io.reactiveipc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
@EnabledOnOs(OS.LINUX) // where /proc tells who is suspended
class LeashTest {
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private void awaitState(String states) throws Exception {
        String state;
        do {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            state = stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        } while (!states.contains(state));
    }

    @Test
    void whoIsSuspendedStandsUntilItIsResumed() throws Exception {
        try (Leash leash = new Leash(List.of(process.pid()))) {
            leash.suspend();
            awaitState("T");
            leash.resume();
            awaitState("SR");
        }
    }

    @Test
    void whoIsSuspendedGoesOnWhenTheLeashEnds() throws Exception {
        Leash leash = new Leash(List.of(process.pid()));
        leash.suspend();
        awaitState("T");

        leash.close();

        awaitState("SR");
    }

    @Test
    void whoHasGoneCannotBeSuspended() throws Exception {
        process.destroyForcibly().waitFor();
        try (Leash leash = new Leash(List.of(process.pid()))) {
            assertThatThrownBy(leash::suspend)
                    .isInstanceOf(MeasurementException.class)
                    .hasMessage("kill -STOP failed: a process has gone");
        }
        assertThat(process.isAlive()).isFalse();
    }
}
