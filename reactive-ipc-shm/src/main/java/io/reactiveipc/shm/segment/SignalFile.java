package io.reactiveipc.shm.segment;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** The counter of a signal: created and removed under the lock of the topic with its name's hash. */
public final class SignalFile {
    private static final String SUFFIX = ".sig";

    private final SegmentFile file;

    private SignalFile(SegmentFile file) {
        this.file = file;
    }

    /** SHA-256 of a signal's name, in hex: its file's name, and the topic whose lock it shares. */
    public static String sha256(String name) {
        return StreamDirectory.sha256(name);
    }

    /**
     * Opens a signal's counter, and creates it if absent. The caller holds its lock.
     *
     * @param node who creates it
     * @throws IpcException with {@link ErrorCode#STORAGE} if there is no room for it, {@link ErrorCode#INCOMPATIBLE_FILE} if
     *     something else has its name
     */
    public static SignalFile openOrCreate(RootDirectory root, String name, UUID node) {
        Path path = root.signals().resolve(sha256(name) + SUFFIX);
        StreamDirectory.createOneIfAbsent(root.signals());
        SignalFile found = open(path);
        while (found == null) {
            try {
                found = new SignalFile(SegmentFile.create(path, node, header(name), SignalLayout.FILE_LENGTH));
            } catch (FileAlreadyExistsException e) {
                found = open(path);
            }
        }
        return found;
    }

    private static ByteBuffer header(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer header =
                ByteBuffer.allocate(SignalLayout.NAME_OFFSET + text.length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(SignalLayout.MAGIC_OFFSET, SignalLayout.MAGIC);
        header.putShort(SignalLayout.MAJOR_OFFSET, (short) SignalLayout.MAJOR);
        header.putShort(SignalLayout.MINOR_OFFSET, (short) SignalLayout.MINOR);
        header.putInt(SignalLayout.SLOT_COUNT_OFFSET, SlotLayout.SLOT_COUNT);
        header.putInt(SignalLayout.NAME_LENGTH_OFFSET, text.length);
        header.put(SignalLayout.NAME_OFFSET, text);
        return header;
    }

    /**
     * Opens a counter that exists.
     *
     * @return null if nothing has this name
     * @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if it is no counter that this version can use
     * @throws CorruptRingException if it is one of another name than its file's
     */
    public static @Nullable SignalFile open(Path path) {
        SegmentFile file = SegmentFile.open(path, true, (start, length) -> verify(start, length, path));
        return file == null ? null : new SignalFile(file);
    }

    private static void verify(ByteBuffer start, long length, Path path) {
        SegmentStart.require(start, length, SignalLayout.MAGIC, SignalLayout.MAJOR, SignalLayout.FILE_LENGTH, path);
        int slots = start.getInt(SignalLayout.SLOT_COUNT_OFFSET);
        if (slots != SlotLayout.SLOT_COUNT) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " has " + slots + " slots and must have " + SlotLayout.SLOT_COUNT + "; remove it");
        }
        int nameLength = start.getInt(SignalLayout.NAME_LENGTH_OFFSET);
        if (nameLength < 1 || nameLength > SignalLayout.MAX_NAME_BYTES) {
            throw RingHeader.corrupt(path, "its name has " + nameLength + " bytes");
        }
        byte[] text = new byte[nameLength];
        start.get(SignalLayout.NAME_OFFSET, text);
        String name = new String(text, StandardCharsets.UTF_8);
        if (!path.getFileName().toString().equals(sha256(name) + SUFFIX)) {
            throw RingHeader.corrupt(path, "its header is of signal \"" + name + "\"");
        }
    }

    /** The counters that have a name now; whether they are any shows when they are opened. */
    public static List<Path> in(RootDirectory root) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root.signals(), SignalFile::isNameOfOne)) {
            files.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // none there
        }
        return found;
    }

    private static boolean isNameOfOne(Path path) {
        return path.getFileName().toString().matches("[0-9a-f]{64}\\" + SUFFIX);
    }

    /** The hash in a counter's file name. */
    public static String sha256Of(Path path) {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** The whole file, for reading and writing. */
    public AtomicBuffer buffer() {
        return file.buffer();
    }
}
