package io.reactiveipc.uds;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Where a node's socket is. */
final class SocketFile {
    /** What {@code sun_path} holds, without the zero behind it and without the byte that the JDK keeps free. */
    static final int MAX_PATH_BYTES = 106;

    private SocketFile() {}

    static Path of(Path directory, UUID node) {
        return directory.resolve(node + ".sock");
    }

    /**
     * The path for a new socket, in a directory that exists or can be made.
     *
     * @throws IpcException if nothing can be bound there
     */
    static Path prepare(Path directory, UUID node) {
        Path socket = of(directory.toAbsolutePath(), node);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "the path of a Unix domain socket must be at most " + MAX_PATH_BYTES + " bytes: " + socket + " has "
                            + length + "; choose a directory whose path is at least " + (length - MAX_PATH_BYTES)
                            + " bytes shorter");
        }
        try {
            // Not its parents: where the nodes' directory was removed, there is nothing to come back to.
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // by another node, or an earlier one; what else it may be shows when the socket is bound
        } catch (IOException e) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "cannot make the directory of the sockets, " + directory + ": " + e
                            + "; make it writable for this user",
                    e);
        }
        // Netty's native transport would remove whatever is there, the JDK's would say that an address is in use.
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "the path of this node's socket is taken: " + socket + "; node ids are never used twice, so another"
                            + " program made it: remove it and see who writes to that directory");
        }
        return socket;
    }
}
