package io.reactiveipc.shm.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;

/** The rule that nobody but our own user comes near the files: how they are created so, and how that is checked. */
final class PrivateAccess {
    private static final OptionalInt UID = readUid();

    private PrivateAccess() {}

    /** The user id that files we create get; empty where files have none. */
    static OptionalInt uid() {
        return UID;
    }

    static FileAttribute<?>[] directory(Path where) {
        return attributes(where, "rwx------");
    }

    static FileAttribute<?>[] file(Path where) {
        return attributes(where, "rw-------");
    }

    static boolean isPosix(Path where) {
        return where.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** The owner's user id of what has this name, itself a link or not. */
    static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether a file belongs to our user; also true where files have no owner. */
    static boolean isOurs(Path path) throws IOException {
        return UID.isEmpty() || !isPosix(path) || owner(path) == UID.getAsInt();
    }

    private static FileAttribute<?>[] attributes(Path where, String permissions) {
        if (!isPosix(where)) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    private static OptionalInt readUid() {
        // The last number of the line is the file system uid. The owner of /proc/self would be root for a process with
        // file capabilities.
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    String[] ids = line.split("\\s+");
                    return OptionalInt.of((int) Long.parseLong(ids[ids.length - 1]));
                }
            }
        } catch (IOException | RuntimeException e) {
            // no procfs: the next way
        }
        try {
            Path probe = Files.createTempFile("reactive-ipc-", ".uid");
            try {
                return isPosix(probe) ? OptionalInt.of(owner(probe)) : OptionalInt.empty();
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException | RuntimeException e) {
            return OptionalInt.empty();
        }
    }
}
