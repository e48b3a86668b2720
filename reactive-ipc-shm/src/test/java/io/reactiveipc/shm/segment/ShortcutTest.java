package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roots whose path is too long for sockets. */
@Timeout(30)
class ShortcutTest {
    @TempDir
    Path parent;

    private Path temporary;
    private Path longRoot;

    @BeforeEach
    void create() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/tmp")), "needs a temporary directory with a short path");
        String name = Long.toString(ThreadLocalRandom.current().nextLong(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
        temporary = Files.createDirectory(Path.of("/tmp", name));
        longRoot = Files.createDirectory(parent.resolve("r".repeat(200)), PrivateAccess.directory(parent));
    }

    @AfterEach
    void remove() throws IOException {
        try (Stream<Path> all = Files.walk(temporary)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private RootDirectory open(Path directory, Path... temporary) {
        return RootDirectory.open(directory, null, null, parent, List.of(temporary));
    }

    private List<Path> links() throws IOException {
        List<Path> links = new ArrayList<>();
        try (Stream<Path> all = Files.walk(temporary)) {
            all.filter(Files::isSymbolicLink).forEach(links::add);
        }
        return links;
    }

    @Test
    void aLongPathHasAShortOneForItsSockets() throws IOException {
        RootDirectory root = open(longRoot, temporary);

        Path address = root.socketAddresses().resolve("0".repeat(36) + "-15.bell");
        assertThat(address.toString().length()).isLessThanOrEqualTo(102);
        assertThat(root.sockets()).isEqualTo(longRoot.toRealPath().resolve("ctl"));
        Files.createDirectory(root.socketAddresses());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(address));
            assertThat(root.sockets().resolve(address.getFileName())).exists();
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(links().get(0).getParent())))
                .isEqualTo("rwx------");
        assertThat(open(longRoot, temporary).socketAddresses()).isEqualTo(root.socketAddresses());
        assertThat(links()).hasSize(1);
    }

    @Test
    void aShortPathNeedsNone() throws IOException {
        Path directory = temporary.resolve(
                "r".repeat(Shortcut.LONGEST_ROOT - temporary.toString().length() - 1));

        RootDirectory root = open(directory, temporary);
        assertThat(root.socketAddresses()).isEqualTo(root.sockets());
        assertThat(links()).isEmpty();

        RootDirectory longer = open(Path.of(directory + "r"), temporary);
        assertThat(longer.socketAddresses()).isNotEqualTo(longer.sockets());
    }

    @Test
    void itIsMadeAnewWhenSomebodyRemovedIt() throws IOException {
        RootDirectory root = open(longRoot, temporary);
        Path link = links().get(0);
        Files.delete(link);
        Files.delete(link.getParent());

        root.restoreSocketAddresses();

        assertThat(links()).containsExactly(link);
        assertThat(Files.readSymbolicLink(link)).isEqualTo(root.path());
    }

    @Test
    void thoseOfRootsThatAreGoneAreRemovedAndAForeignTargetIsReplaced() throws IOException {
        Path other = Files.createDirectory(parent.resolve("o".repeat(200)), PrivateAccess.directory(parent));
        open(other, temporary);
        RootDirectory root = open(longRoot, temporary);
        Path link = root.socketAddresses().getParent();
        Files.delete(link);
        Files.createSymbolicLink(link, parent);
        Files.delete(other);

        open(longRoot, temporary);

        assertThat(links()).containsExactly(link);
        assertThat(Files.readSymbolicLink(link)).isEqualTo(root.path());
    }

    @Test
    void aDirectoryOfLinksThatIsOpenToOthersIsNotUsed() throws IOException {
        Path links = Files.createDirectory(temporary.resolve("reactive-ipc-links-" + RootDirectory.user()));
        Files.setPosixFilePermissions(links, PosixFilePermissions.fromString("rwxrwxrwx"));

        RootDirectory root = open(longRoot, temporary);

        assertThat(root.socketAddresses()).isEqualTo(root.sockets());
        assertThat(links()).isEmpty();
    }

    @Test
    void aTemporaryDirectoryWithALongPathItselfIsPassedOver() throws IOException {
        RootDirectory root = open(longRoot, parent, temporary);

        assertThat(root.socketAddresses()).startsWithRaw(temporary);
    }
}
