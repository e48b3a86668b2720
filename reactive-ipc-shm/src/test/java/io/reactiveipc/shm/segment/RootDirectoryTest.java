package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RootDirectoryTest {
    private static final List<Path> NOWHERE = List.of();

    @TempDir
    Path parent;

    @Test
    void absentDirectoryIsCreatedForItsOwnerAlone() throws IOException {
        Path wanted = parent.resolve("rings");

        RootDirectory root = RootDirectory.open(wanted);

        assertThat(root.path()).isEqualTo(wanted.toRealPath());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(wanted)))
                .isEqualTo("rwx------");
        assertThat(RootDirectory.open(wanted).path()).isEqualTo(root.path());
    }

    @Test
    void onlyTheLastElementIsCreated() {
        Path wanted = parent.resolve("a/b");

        assertRefused(
                () -> RootDirectory.open(wanted), wanted, "nor does its parent", "mkdir -p " + parent.resolve("a"));
        assertThat(parent.resolve("a")).doesNotExist();
    }

    @Test
    void propertyGoesBeforeVariableAndVariableBeforeSharedMemory() throws IOException {
        Path shared = Files.createDirectory(parent.resolve("shm"));
        String property = parent.resolve("p").toString();
        String variable = parent.resolve("v").toString();

        assertThat(RootDirectory.open(parent.resolve("d"), property, variable, shared, NOWHERE)
                        .path())
                .endsWith(Path.of("d"));
        assertThat(RootDirectory.open(null, property, variable, shared, NOWHERE).path())
                .endsWith(Path.of("p"));
        assertThat(RootDirectory.open(null, null, variable, shared, NOWHERE).path())
                .endsWith(Path.of("v"));
        String user = Integer.toUnsignedString(PrivateAccess.uid().orElseThrow());
        assertThat(RootDirectory.open(null, null, " ", shared, NOWHERE).path())
                .isEqualTo(shared.toRealPath().resolve("reactive-ipc-" + user));
    }

    @Test
    void userIdIsTheOneThatOwnsWhatWeCreate() throws IOException {
        Path file = Files.createFile(parent.resolve("mine"));

        assertThat(PrivateAccess.uid()).hasValue((Integer) Files.getAttribute(file, "unix:uid"));
        assertThat(PrivateAccess.isOurs(file)).isTrue();
    }

    @Test
    void directoryOpenToOthersIsRefused() throws IOException {
        Path open = Files.createDirectory(parent.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx--x---"));

        assertRefused(() -> RootDirectory.open(open), open, "rwx--x---", "chmod 700 " + open);
    }

    @Test
    void symbolicLinkIsRefused() throws IOException {
        Path target = Files.createDirectory(parent.resolve("target"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), target);

        assertRefused(() -> RootDirectory.open(link), link, "symbolic link to " + target, "name its target");
    }

    @Test
    void danglingLinkIsRefusedAndNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("nowhere"));

        assertRefused(() -> RootDirectory.open(link), link, "symbolic link");
        assertThat(parent.resolve("nowhere")).doesNotExist();
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));

        assertRefused(() -> RootDirectory.open(file), file, "is not a directory");
    }

    @Test
    void directoryOfAnotherUserIsRefused() throws IOException {
        assumeTrue(PrivateAccess.uid().orElse(-1) == 0, "only root can give a directory away");
        Path foreign = Files.createDirectory(parent.resolve("foreign"), PrivateAccess.directory(parent));
        Files.setAttribute(foreign, "unix:uid", 12345);

        assertRefused(() -> RootDirectory.open(foreign), foreign, "belongs to uid 12345", "runs as 0");
    }

    private static void assertRefused(ThrowingCallable open, Path path, String... texts) {
        assertThatThrownBy(open)
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY))
                .hasMessageContaining(path.toString())
                .hasMessageContainingAll(texts);
    }
}
