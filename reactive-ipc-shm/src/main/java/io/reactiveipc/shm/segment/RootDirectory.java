package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The directory that the nodes of one user share. Open means checked: it is ours, private and writable. */
public final class RootDirectory {
    /** System property that names the directory. */
    public static final String PROPERTY = "reactive.ipc.directory";

    /** Environment variable that names the directory where the system property does not. */
    public static final String VARIABLE = "REACTIVE_IPC_DIRECTORY";

    private static final String SOCKETS = "ctl";
    private static final List<Path> TEMPORARY = List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"));

    private static final String NAME_ANOTHER = "name a directory of your own with -D" + PROPERTY + "=…";

    private final Path path;
    private final @Nullable Shortcut shortcut;

    private RootDirectory(Path path, @Nullable Shortcut shortcut) {
        this.path = path;
        this.shortcut = shortcut;
    }

    /**
     * Opens the directory, and creates it if it is absent and its parent exists.
     *
     * @param directory null for the default: the system property, else the environment variable, else {@code
     *     /dev/shm/reactive-ipc-<uid>}, else the same name in the temporary directory
     * @throws IpcException with {@link ErrorCode#DIRECTORY}, naming what is wrong with it and the repair
     */
    public static RootDirectory open(@Nullable Path directory) {
        return open(directory, System.getProperty(PROPERTY), System.getenv(VARIABLE), Path.of("/dev/shm"), TEMPORARY);
    }

    static RootDirectory open(
            @Nullable Path directory,
            @Nullable String property,
            @Nullable String variable,
            Path sharedMemory,
            List<Path> temporary) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IpcException(
                    ErrorCode.NO_TRANSPORT,
                    "shared memory streams need a little-endian host: this one is " + ByteOrder.nativeOrder()
                            + "; run on x86-64 or AArch64");
        }
        Path wanted = locate(directory, property, variable, sharedMemory).toAbsolutePath();
        try {
            requirePrivate(wanted);
            Path real = wanted.toRealPath();
            return new RootDirectory(real, Shortcut.to(real, temporary));
        } catch (IOException e) {
            throw refused(wanted, "cannot be used (" + e + "); " + NAME_ANOTHER, e);
        }
    }

    /** A directory as it is, for looking at it only: not created, not checked, perhaps none. */
    public static RootDirectory unchecked(Path directory) {
        return new RootDirectory(directory, null);
    }

    private static Path locate(
            @Nullable Path directory, @Nullable String property, @Nullable String variable, Path sharedMemory) {
        if (directory != null) {
            return directory;
        }
        if (property != null && !property.isBlank()) {
            return Path.of(property);
        }
        if (variable != null && !variable.isBlank()) {
            return Path.of(variable);
        }
        Path parent = Files.isDirectory(sharedMemory) && Files.isWritable(sharedMemory)
                ? sharedMemory
                : Path.of(System.getProperty("java.io.tmpdir"));
        return parent.resolve("reactive-ipc-" + user());
    }

    static String user() {
        return PrivateAccess.uid().isPresent()
                ? Integer.toUnsignedString(PrivateAccess.uid().getAsInt())
                : Integer.toHexString(Objects.hashCode(System.getProperty("user.name")));
    }

    /**
     * A directory for our user only, created if it is absent and its parent exists.
     *
     * @throws IpcException with {@link ErrorCode#DIRECTORY} if what is there is not one
     */
    static void requirePrivate(Path path) throws IOException {
        create(path);
        verify(path);
    }

    private static void create(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(path, PrivateAccess.directory(path));
        } catch (FileAlreadyExistsException e) {
            // another process was faster; what it made is verified like anything else
        } catch (NoSuchFileException e) {
            throw refused(
                    path,
                    "does not exist, nor does its parent: mkdir -p " + path.getParent() + ", or " + NAME_ANOTHER,
                    e);
        }
    }

    private static void verify(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw refused(path, "is a symbolic link to " + Files.readSymbolicLink(path) + "; name its target", null);
        }
        if (!attributes.isDirectory()) {
            throw refused(path, "is not a directory; remove it, or " + NAME_ANOTHER, null);
        }
        if (PrivateAccess.isPosix(path)) {
            verifyPrivate(path);
        }
        if (!Files.isWritable(path)) {
            throw refused(path, "is not writable; chmod 700 " + path + ", or " + NAME_ANOTHER, null);
        }
    }

    private static void verifyPrivate(Path path) throws IOException {
        if (!PrivateAccess.isOurs(path)) {
            throw refused(
                    path,
                    "belongs to uid " + PrivateAccess.owner(path) + " and this process runs as "
                            + PrivateAccess.uid().getAsInt() + "; " + NAME_ANOTHER,
                    null);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        for (PosixFilePermission permission : permissions) {
            if (!permission.name().startsWith("OWNER_")) {
                throw refused(
                        path,
                        "is open to others (" + PosixFilePermissions.toString(permissions) + "); chmod 700 " + path,
                        null);
            }
        }
    }

    private static IpcException refused(Path path, String reason, @Nullable Throwable cause) {
        return new IpcException(ErrorCode.DIRECTORY, "directory " + path + " " + reason, cause);
    }

    /** The real path. */
    public Path path() {
        return path;
    }

    /** The directory of a stream's files; need not exist. */
    public StreamDirectory stream(String name) {
        return StreamDirectory.of(topics(), name);
    }

    /** Where the streams' directories are; need not exist. */
    public Path topics() {
        return path.resolve("topics");
    }

    /**
     * Creates the directory where the streams' directories are, if it is absent.
     *
     * @throws IpcException with {@link ErrorCode#STORAGE} if that cannot be done
     */
    public void createTopics() {
        StreamDirectory.createOneIfAbsent(topics());
    }

    /** Where the counters of signals are; need not exist. */
    public Path signals() {
        return path.resolve("signals");
    }

    /** Where the nodes' sockets are; need not exist. */
    public Path sockets() {
        return path.resolve(SOCKETS);
    }

    /** The same by another path where that one is too long for the address of a socket. */
    public Path socketAddresses() {
        return shortcut == null ? sockets() : shortcut.path().resolve(SOCKETS);
    }

    /** Makes the other path anew if it is gone: what lies about for days in a temporary directory may be cleared away. */
    public void restoreSocketAddresses() {
        if (shortcut != null) {
            shortcut.restore();
        }
    }

    /** The lock file. Only the one channel of {@code NodeTable} may ever open it: closing any other drops our locks. */
    public Path nodesLock() {
        return path.resolve("nodes.lock");
    }

    public Path nodesTable() {
        return path.resolve("nodes.tab");
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
