package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The room on a file system: asked before a file is written, and named when writing fails. */
@FunctionalInterface
interface FreeSpace {
    /** What the file system says, and of one that is in memory, what its process may still take of that. */
    FreeSpace SYSTEM = new FreeSpace() {
        @Override
        public long usable(Path directory) throws IOException {
            FileStore store = Files.getFileStore(directory);
            // a tmpfs without a limit says that it has no blocks at all
            return store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
        }

        @Override
        public void require(Path file, long length) {
            FreeSpace.super.require(file, length);
            long allowed = isInMemory(file.getParent()) ? MemoryLimit.systemAvailable() : Long.MAX_VALUE;
            if (allowed < length) {
                throw new IpcException(
                        ErrorCode.STORAGE,
                        String.format(
                                Locale.ROOT,
                                "%s needs %s, and this process may take %s more of memory by the limit of its control group"
                                        + " (container); raise the limit, or choose a smaller capacity",
                                file.getFileName(),
                                mebibytes(length),
                                mebibytes(allowed)));
            }
        }
    };

    private static boolean isInMemory(Path directory) {
        try {
            return Files.getFileStore(directory).type().equals("tmpfs");
        } catch (IOException e) {
            return false;
        }
    }

    /** Bytes free in the file system of a directory. */
    long usable(Path directory) throws IOException;

    /** Refuses early and cheaply what cannot succeed. That it passes proves nothing: others write too. */
    default void require(Path file, long length) {
        long usable;
        try {
            usable = usable(file.getParent());
        } catch (IOException e) {
            return; // writing will tell
        }
        if (usable < length) {
            throw new IpcException(ErrorCode.STORAGE, needs(file, length, usable));
        }
    }

    /** Explains that writing failed. */
    default IpcException failed(Path file, long length, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return new IpcException(
                    ErrorCode.STORAGE,
                    "interrupted while creating " + file + "; nothing was left behind, try again",
                    cause);
        }
        long usable;
        try {
            usable = usable(file.getParent());
        } catch (IOException e) {
            usable = 0;
        }
        return new IpcException(ErrorCode.STORAGE, cause.getMessage() + ": " + needs(file, length, usable), cause);
    }

    private static String needs(Path file, long length, long usable) {
        return String.format(
                Locale.ROOT,
                "%s needs %s, %s free in %s; free some, choose a smaller capacity, or name a directory on another file"
                        + " system with -D%s=…",
                file.getFileName(),
                mebibytes(length),
                mebibytes(usable),
                file.getParent(),
                RootDirectory.PROPERTY);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024.0));
    }
}
