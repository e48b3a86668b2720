package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The jar, run as a user does. */
@Timeout(120)
class JarIT {
    private static final int ENDED_BY_SIGTERM = 143;
    private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");
    private static final Pattern LAUNCHED = Pattern.compile("launched the feed, pid (\\d+)");
    private static final String PUBLISHES = "the feed publishes";

    @RegisterExtension
    final Place place = Place.forEach();

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly().waitFor();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void oneCommandStartsBothProcessesAndEndingItEndsBothAndLeavesNoFile() throws Exception {
        Process jar = start("--reactive-ipc.directory=" + place.directory());
        List<String> said = readUntil(jar, STARTED.pattern(), LAUNCHED.pattern(), PUBLISHES);
        int port = Integer.parseInt(find(STARTED, said));
        long feed = Long.parseLong(find(LAUNCHED, said));
        assertThat(WebTestClient.bindToServer()
                        .baseUrl("http://127.0.0.1:" + port)
                        .build()
                        .get()
                        .uri("/")
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody(String.class)
                        .returnResult()
                        .getResponseBody())
                .contains("This machine");

        jar.destroy();

        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(ProcessHandle.of(feed).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(place.leftovers()).isEmpty();
    }

    @Test
    void aFeedEndsWithTheApplicationThatIsKilledAndLeavesNoFileOfItsOwn() throws Exception {
        Process jar = start("--reactive-ipc.directory=" + place.directory());
        ProcessHandle feed = ProcessHandle.of(
                        Long.parseLong(find(LAUNCHED, readUntil(jar, LAUNCHED.pattern(), PUBLISHES))))
                .orElseThrow();

        jar.destroyForcibly().waitFor();

        feed.onExit().get(60, TimeUnit.SECONDS);
        assertThat(place.leftovers()).noneMatch(file -> file.contains("machine/"));
        place.application().stop(); // removes what the killed one left
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamedAndNothingStarts() throws Exception {
        Path open = Files.createDirectory(place.directory().resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        Process jar = start("--reactive-ipc.directory=" + open);
        String said = String.join("\n", readUntil(jar));

        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isEqualTo(1);
        assertThat(said).contains("APPLICATION FAILED TO START", open.toString(), "reactive-ipc.directory");
        Files.delete(open);
    }

    private Process start(String option) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-jar",
                        System.getProperty("bridge.jar"),
                        "--server.port=0",
                        option)
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    /** What it says until all of these were said, in whatever order, or it has ended. */
    private static List<String> readUntil(Process process, String... patterns) throws IOException {
        List<Pattern> missing =
                new ArrayList<>(List.of(patterns).stream().map(Pattern::compile).toList());
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            String last = line;
            missing.removeIf(pattern -> pattern.matcher(last).find());
            if (missing.isEmpty() && patterns.length > 0) {
                return said;
            }
        }
        assertThat(missing).as(() -> "it said " + String.join("\n", said)).isEmpty();
        return said;
    }

    private static String find(Pattern pattern, List<String> lines) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElseThrow();
    }
}
