package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.shm.SecondJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FullFileSystemTest {
    @TempDir
    Path parent;

    @Test
    void ringThatCannotFitIsRefusedBeforeAnythingIsWritten() throws IOException {
        RootDirectory root = RootDirectory.open(parent.resolve("root"));
        FreeSpace little = directory -> 1024 * 1024 + 256 * 1024;

        assertThatThrownBy(() -> RingFile.create(root.stream("prices"), fourMebibytes(), little))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
                .hasMessageContainingAll(
                        "needs 4.0 MiB", "1.3 MiB free", root.path().toString(), "smaller capacity");
        assertThat(everythingIn(root.path())).containsExactly("topics");
    }

    @Test
    void interruptedCreationLeavesNothing() throws IOException {
        RootDirectory root = RootDirectory.open(parent.resolve("root"));
        Thread.currentThread().interrupt();

        try {
            assertThatThrownBy(() -> RingFile.create(root.stream("prices"), fourMebibytes()))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(everythingIn(root.path())).containsExactly("topics");
    }

    /** On a real file system of 1 MiB that claims to have room, as when another process fills it in between. */
    @Test
    void ringThatRunsOutOfRoomWhileWrittenLeavesNothing() throws IOException, InterruptedException {
        assumeTrue(PrivateAccess.uid().orElse(-1) == 0, "only root can mount");
        assumeTrue(run(List.of("unshare", "-m", "true")).equals("0:"), "needs unshare");
        Path mount = Files.createDirectory(parent.resolve("mount"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o size=1m,mode=700 none \"$0\" && exec \"$@\"",
                mount.toString()));
        command.addAll(SecondJvm.command(FullFileSystemTest.class, mount.toString()));

        String result = run(command);

        assertThat(result).startsWith("0:").contains("STORAGE", "No space left on device", "needs 4.0 MiB", "[topics]");
    }

    /** In the JVM that sees the small file system. */
    public static void main(String[] arguments) throws IOException {
        RootDirectory root = RootDirectory.open(Path.of(arguments[0]));
        try {
            RingFile.create(root.stream("prices"), fourMebibytes(), directory -> Long.MAX_VALUE);
            System.out.println("created");
        } catch (IpcException e) {
            System.out.println(e.code() + " " + e.getMessage() + " " + everythingIn(root.path()));
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "cannot start: " + e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + ":" + output;
    }

    private static RingHeader fourMebibytes() {
        return new RingHeader(
                "prices",
                "t",
                1,
                1,
                1,
                new UUID(1, 1),
                0,
                new UUID(0, 0),
                4 << 20,
                1024,
                64,
                false,
                0,
                Overflow.Kind.WAIT,
                1);
    }

    private static List<String> everythingIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.equals(root))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
