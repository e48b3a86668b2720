package io.reactiveipc.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The soak command, in short. */
@Timeout(600)
class SoakIT {
    @Test
    void twoHundredKillsAtRandomTearDuplicateAndLoseNothing() throws IOException, InterruptedException {
        String said = run(0, "--kills", "200");

        assertThat(said)
                .containsPattern("[1-9][0-9]* messages validated, 0 torn, 0 duplicated, 0 missing, 0 lost, 0 invented")
                .containsPattern("commit points checked at subscribers: [1-9]")
                .contains("CLEAN with seed ");
    }

    @Test
    void wrongOptionsAreRefusedWithTheRightOnes() throws IOException, InterruptedException {
        assertThat(run(2, "--kill", "3")).contains("no such option: --kill", "--minutes N");
        assertThat(run(2, "--kills", "many")).contains("--kills takes a number", "many");
    }

    private static String run(int exitCode, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", System.getProperty("soak.jar")));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        assertThat(process.waitFor()).as(said).isEqualTo(exitCode);
        return said;
    }
}
