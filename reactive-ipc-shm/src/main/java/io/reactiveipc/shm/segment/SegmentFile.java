package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One mapped file. Created whole or not at all, opened only after a check of its start, unmapped by the garbage collector
 * (never earlier: an access after unmapping would end the JVM).
 */
public final class SegmentFile {
    /** Looks at a copy of a file's first bytes, before anything is mapped. */
    @FunctionalInterface
    public interface Check {
        /**
         * @param start copy on the heap of up to the first 4096 bytes, little-endian
         * @param length of the file, in bytes
         * @throws IpcException if it is not what is expected; then nothing is mapped
         */
        void verify(ByteBuffer start, long length);
    }

    private static final int START_LENGTH = 4096;
    private static final int ZEROS_LENGTH = 256 * 1024;
    private static final int MAGIC_LENGTH = Long.BYTES;
    private static final AtomicLong TEMPORARIES = new AtomicLong();

    private final Path path;
    private final Object identity;
    private final AtomicBuffer buffer;

    private SegmentFile(Path path, Object identity, AtomicBuffer buffer) {
        this.path = path;
        this.identity = identity;
        this.buffer = buffer;
    }

    /**
     * Creates a file of zeros that starts with a header.
     *
     * @param node who creates it; the temporary name tells, so that what a crash leaves can be cleared away
     * @param header the first bytes, from its position to its limit, starting with a magic
     * @throws FileAlreadyExistsException if something has this name already
     * @throws IpcException with {@link ErrorCode#STORAGE} if it cannot be created; nothing is left behind
     */
    public static SegmentFile create(Path path, UUID node, ByteBuffer header, long length)
            throws FileAlreadyExistsException {
        return create(path, node, header, length, FreeSpace.SYSTEM);
    }

    static SegmentFile create(Path path, UUID node, ByteBuffer header, long length, FreeSpace space)
            throws FileAlreadyExistsException {
        space.require(path, length);
        Path temporary = StreamDirectory.temporary(path, node, TEMPORARIES.incrementAndGet());
        boolean linked = false;
        boolean done = false;
        try (FileChannel channel = FileChannel.open(temporary, creation(), PrivateAccess.file(temporary))) {
            CrashPoint.FILE_CREATED.passed();
            writeZeros(channel, length);
            CrashPoint.FILE_ZEROED.passed();
            writeHeader(channel, header.duplicate());
            AtomicBuffer buffer = map(channel, MapMode.READ_WRITE, length);
            Object identity = identity(temporary);
            CrashPoint.FILE_WRITTEN.passed();
            Files.createLink(path, temporary);
            linked = true;
            CrashPoint.FILE_LINKED.passed();
            Files.delete(temporary);
            done = true;
            return new SegmentFile(path, identity, buffer);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            throw new IpcException(
                    ErrorCode.STORAGE,
                    "the file system of " + path.getParent() + " has no hard links; name a directory on another one",
                    e);
        } catch (IOException e) {
            throw space.failed(path, length, e);
        } finally {
            if (!done) {
                deleteQuietly(temporary);
                if (linked) {
                    deleteQuietly(path);
                }
            }
        }
    }

    private static Set<StandardOpenOption> options(boolean writable) {
        return writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
    }

    private static Set<OpenOption> creation() {
        return Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Written and not just extended: a sparse file of a full file system would end the JVM at the first touch. */
    private static void writeZeros(FileChannel channel, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_LENGTH, length));
        long position = 0;
        while (position < length) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), length - position));
            position += channel.write(zeros, position);
        }
    }

    private static void writeHeader(FileChannel channel, ByteBuffer header) throws IOException {
        int start = header.position();
        int end = header.limit();
        write(channel, header.position(start + MAGIC_LENGTH), MAGIC_LENGTH);
        write(channel, header.limit(start + MAGIC_LENGTH).position(start), 0);
        header.limit(end);
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /**
     * Opens a file that exists.
     *
     * @return null if nothing has this name
     * @throws IpcException of the check; or with {@link ErrorCode#INCOMPATIBLE_FILE} if it is no regular file of ours
     */
    public static @Nullable SegmentFile open(Path path, boolean writable, Check check) {
        try {
            BasicFileAttributes attributes = attributes(path);
            requireOurFile(path, attributes);
            Set<OpenOption> options = new HashSet<>(options(writable));
            options.add(LinkOption.NOFOLLOW_LINKS);
            try (FileChannel channel = FileChannel.open(path, options)) {
                long length = channel.size();
                check.verify(readStart(channel), length);
                AtomicBuffer buffer = map(channel, writable ? MapMode.READ_WRITE : MapMode.READ_ONLY, length);
                Object identity = identity(path);
                // Replaced between the two looks: what was opened has no name any more.
                return identity.equals(identity(path, attributes)) ? new SegmentFile(path, identity, buffer) : null;
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Reads the start of a file that exists and maps nothing.
     *
     * @return whether something has this name
     * @throws IpcException as {@link #open}
     */
    static boolean inspect(Path path, Check check) {
        try {
            requireOurFile(path, attributes(path));
            try (FileChannel channel =
                    FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                check.verify(readStart(channel), channel.size());
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Before it is opened: opening a FIFO would wait for a writer. */
    private static void requireOurFile(Path path, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            String kind = attributes.isDirectory()
                    ? "a directory"
                    : attributes.isSymbolicLink() ? "a symbolic link" : "a special file";
            throw new IpcException(ErrorCode.INCOMPATIBLE_FILE, path + " is " + kind + " and not a segment; remove it");
        }
        if (!PrivateAccess.isOurs(path)) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " belongs to uid " + PrivateAccess.owner(path) + " and this process runs as "
                            + PrivateAccess.uid().getAsInt() + "; remove it");
        }
    }

    private static ByteBuffer readStart(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(START_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        while (start.hasRemaining()) {
            if (channel.read(start, start.position()) < 0) {
                break;
            }
        }
        return start.flip();
    }

    private static AtomicBuffer map(FileChannel channel, MapMode mode, long length) throws IOException {
        return Memory.wrap(channel.map(mode, 0, length).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Object identity(Path path) throws IOException {
        return identity(path, attributes(path));
    }

    /** Device and inode; an inode in use by a mapping is not given to another file. */
    private static Object identity(Path path, BasicFileAttributes attributes) {
        return Objects.requireNonNullElse(attributes.fileKey(), path);
    }

    private static IpcException unreadable(Path path, IOException cause) {
        return new IpcException(
                ErrorCode.STORAGE,
                "cannot open " + path + " (" + cause + "); check its permissions and the file system",
                cause);
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the failure that brought us here is the one to report; the node's temporaries are cleared away with its
            // row
        }
    }

    public Path path() {
        return path;
    }

    /** The whole file. A file opened for reading must not be written to: that would end the JVM. */
    public AtomicBuffer buffer() {
        return buffer;
    }

    /**
     * Whether the file, if it still has its name, is as long as it was when it was mapped. To touch what was cut off is an
     * error, and may end a JVM that has not compiled the access yet: so it is asked before a slot is claimed or freed.
     */
    public boolean isWhole() {
        try {
            BasicFileAttributes now = attributes(path);
            return !identity.equals(identity(path, now)) || now.size() >= buffer.capacity();
        } catch (IOException e) {
            return true; // without its name, nobody can find it to cut it
        }
    }

    /** Whether the name still leads to this file. */
    public boolean isNamed() {
        try {
            return identity.equals(identity(path));
        } catch (IOException e) {
            return false;
        }
    }
}
