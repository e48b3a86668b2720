package io.reactiveipc.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The rings of one run of the demo: a directory that nobody else knows, in memory where there is such a place. */
final class DemoDirectory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DemoDirectory() {}

    static Path create(Optional<Path> parent) throws DemoFailure {
        Path chosen = parent.orElse(Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")));
        while (true) {
            // a short name: a node's sockets are in there, and their paths must not exceed some hundred bytes
            String random = Integer.toHexString(ThreadLocalRandom.current().nextInt());
            try {
                return Files.createDirectory(chosen.resolve("ipc-demo-" + random), PRIVATE)
                        .toAbsolutePath();
            } catch (FileAlreadyExistsException e) {
                // somebody else's: take another name
            } catch (IOException e) {
                throw new DemoFailure(
                        "cannot create a directory in " + chosen + ": " + e + "; name another one with --directory");
            }
        }
    }

    /** As far as it goes, and once more where another process of the demo still adds or removes files. */
    static void remove(Path directory) {
        for (int attempt = 0; attempt < 3 && Files.exists(directory); attempt++) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException | UncheckedIOException e) {
                // the next attempt finds what is there then
            }
        }
    }
}
