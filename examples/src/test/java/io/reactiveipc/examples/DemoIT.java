package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.test.process.SecondJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoIT {
    @TempDir
    Path directory;

    private SecondJvm demo(String... words) throws IOException {
        String[] all = new String[words.length + 2];
        all[0] = "demo";
        all[1] = "--directory=" + directory;
        System.arraycopy(words, 0, all, 2, words.length);
        return RunningJar.start(all);
    }

    private void assertNothingLeft() {
        assertThat(directory).isEmptyDirectory();
    }

    private static long pid(SecondJvm demo, String child) throws InterruptedException {
        String line = demo.awaitLine("started " + child);
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static void assertEnds(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void streamsTheDefaultFileToTwoClientsThatAgree() throws Exception {
        try (SecondJvm demo = demo("--repeat", "3", "--paced", "200")) {
            demo.expectExit(0);
            assertThat(demo.lines())
                    .last()
                    .asString()
                    .startsWith("OK: each of the 2 clients got all 14,123 messages, every byte, in order.");
            assertThat(demo.lines().stream().filter(line -> line.endsWith("/s") && line.contains(" 13,923 ")))
                    .as("what the broadcaster sent and both clients received")
                    .hasSize(3)
                    .map(line -> line.replaceFirst(".* ([0-9a-f]{8}) .*", "$1"))
                    .matches(checksums -> checksums.stream().distinct().count() == 1, "one checksum");
            assertThat(demo.awaitLine("memory access"))
                    .as("from the manifest alone")
                    .contains("unsafe");
            assertThat(String.join("\n", demo.errorLines())).doesNotContain("FAILED");
            assertNothingLeft();
        }
    }

    @Test
    void streamsItsStandardInput() throws Exception {
        try (SecondJvm demo = demo("-", "--clients=1", "--paced=10")) {
            demo.typeText("one\n\nthree\nwithout an end");
            demo.endInput();
            demo.expectExit(0);
            assertThat(demo.lines()).last().asString().startsWith("OK: the client got all 14 messages");
            assertNothingLeft();
        }
    }

    @Test
    void streamsAnyBytesInPiecesThatFit(@TempDir Path files) throws Exception {
        Path file = files.resolve("bytes");
        byte[] bytes = new byte[1_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 >> 3 | 0x80);
        }
        Files.write(file, bytes);
        try (SecondJvm demo = demo(file.toString(), "--clients=1", "--repeat=2", "--paced=0")) {
            demo.expectExit(0);
            assertThat(demo.lines()).last().asString().startsWith("OK: the client got all 8 messages");
            assertThat(String.join("\n", demo.errorLines()))
                    .contains("cut longer lines into messages of at most 262144 bytes, 6 times");
        }
    }

    @Test
    void anEmptyFileIsNoFailure(@TempDir Path files) throws Exception {
        Path file = Files.createFile(files.resolve("empty"));
        try (SecondJvm demo = demo(file.toString(), "--clients=1")) {
            demo.expectExit(0);
            assertThat(demo.lines()).last().asString().startsWith("OK: the client got all 0 messages");
        }
    }

    @Test
    void aMissingFileEndsItWithItsPath() throws Exception {
        Path missing = directory.resolve("missing");
        try (SecondJvm demo = demo(missing.toString())) {
            demo.expectExit(2);
            assertThat(String.join("\n", demo.errorLines())).isEqualTo("demo: there is no file " + missing);
            assertNothingLeft();
        }
    }

    @Test
    void aClientThatDiesFailsItByName() throws Exception {
        try (SecondJvm demo = demo("--repeat", "1000000")) {
            long client = pid(demo, "client 2");
            demo.awaitLine("flood");
            List<ProcessHandle> children = demo.handle().children().toList();
            assertThat(ProcessHandle.of(client).map(ProcessHandle::destroyForcibly))
                    .contains(true);
            demo.expectExit(1);
            assertThat(String.join("\n", demo.errorLines()))
                    .contains("FAILED: client 2 (process " + client + ") ended with exit code 137");
            assertEnds(children);
            assertNothingLeft();
        }
    }

    @Test
    void aClientThatHangsFailsIt() throws Exception {
        try (SecondJvm demo = demo("--repeat", "1000000", "--timeout", "3")) {
            long client = pid(demo, "client 1");
            demo.awaitLine("flood");
            List<ProcessHandle> children = demo.handle().children().toList();
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(client))
                            .start()
                            .waitFor())
                    .isZero();
            demo.expectExit(1);
            assertThat(String.join("\n", demo.errorLines())).contains("FAILED: nothing has moved for 3 s: broadcaster");
            assertEnds(children);
            assertNothingLeft();
        }
    }

    @Test
    void beingAskedToEndItTakesItsProcessesAndFilesAlong() throws Exception {
        try (SecondJvm demo = demo("--repeat", "1000000")) {
            demo.awaitLine("flood");
            List<ProcessHandle> children = demo.handle().children().toList();
            assertThat(children).hasSize(3);
            demo.askToEnd();
            demo.awaitExit();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertNothingLeft();
        }
    }

    @Test
    void evenWhenItIsKilledItsProcessesEnd() throws Exception {
        try (SecondJvm demo = demo("--repeat", "1000000")) {
            demo.awaitLine("flood");
            List<ProcessHandle> children = demo.handle().children().toList();
            assertThat(children).hasSize(3);
            demo.kill();
            demo.awaitExit();
            assertEnds(children);
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenFailsItByName() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (SecondJvm demo = RunningJar.start("demo", "--directory", file.toString())) {
            demo.expectExit(1);
            assertThat(String.join("\n", demo.errorLines())).contains("FAILED: cannot create a directory in " + file);
        }
    }
}
