package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes of another user near the files of ours. */
@Timeout(120)
class OtherUserIT {
    private static final String USER = "65534";
    private static final List<String> AS_USER =
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");

    @RegisterExtension
    final Children children = new Children();

    @BeforeEach
    void requireRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && asUser("true").isEmpty(),
                "only root with setpriv (util-linux) can run a process as another user");
    }

    /** What the command complained of; empty if it succeeded. */
    private static String asUser(String... command) {
        List<String> all = new ArrayList<>(AS_USER);
        all.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : output + "(status " + process.exitValue() + ")";
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aNodeOfTheirsInOurDirectoryIsRefusedWithBothUsers() {
        // The class path is perhaps in a directory that others may not read.
        List<String> prefix = new ArrayList<>(AS_USER);
        prefix.addAll(List.of("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"));
        assertRefused(children.directory(), prefix, "belongs to uid 0", "runs as " + USER);
    }

    @Test
    void aDirectoryThatTheyMadeFirstIsRefused() throws IOException {
        Path sticky = Files.createDirectory(children.directory().resolve("sticky"));
        mode(children.directory(), "rwx--x--x");
        mode(sticky, "rwxrwxrwx");
        for (String permissions : List.of("700", "777")) {
            Path theirs = sticky.resolve("reactive-ipc-" + permissions);
            assertThat(asUser("mkdir", "-m", permissions, theirs.toString())).isEmpty();

            assertRefused(theirs, List.of(), "belongs to uid " + USER, "name a directory of your own");
            assertThat(asUser("rmdir", theirs.toString())).isEmpty();
        }
    }

    private void assertRefused(Path directory, List<String> prefix, String reason, String repair) {
        ChildJvm child = children.launch("refused", directory, Memory.mode(), prefix);
        child.await("ready");

        Line refused = child.askInVain("open");

        assertThat(refused.text("code", refused.toString())).isEqualTo("DIRECTORY");
        assertThat(refused.text("message")).contains(directory.toString(), reason, repair);
        assertThat(child.end()).isZero();
    }

    @Test
    void theyCanNeitherReadNorLockNorReplaceWhatIsOurs() throws IOException {
        ChildJvm child = children.start("node");
        child.ask("publish", "stream", "private", "capacity", 65536);
        child.ask("signal", "signal", "private", "count", 1);

        assertThat(asUser("ls", children.directory().toString())).contains("Permission denied");
        // Each for itself: as if somebody had opened the directories above.
        for (String name : children.files()) {
            Path path = children.directory().resolve(name);
            if (Files.isDirectory(path)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(name)
                        .isEqualTo("rwx------");
                mode(path, "rwx--x--x");
            }
        }
        mode(children.directory(), "rwx--x--x");
        for (String name : children.files()) {
            String path = children.directory().resolve(name).toString();
            if (Files.isRegularFile(Path.of(path))) {
                assertThat(asUser("cat", path)).as(name).contains("Permission denied");
                assertThat(asUser("truncate", "-s", "0", path)).as(name).contains("Permission denied");
                assertThat(asUser("flock", "--nonblock", "--shared", path, "true"))
                        .as(name)
                        .contains("Permission denied");
                assertThat(asUser("rm", "-f", path)).as(name).contains("Permission denied");
            }
        }
    }
}
