package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.SlotLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** The slot table of a ring. */
public final class SlotFile {
    private final SegmentFile file;

    private SlotFile(SegmentFile file) {
        this.file = file;
    }

    static SlotFile create(Path path, UUID node, long sessionKey) throws FileAlreadyExistsException {
        ByteBuffer header = ByteBuffer.allocate(SlotLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(SlotLayout.MAGIC_OFFSET, SlotLayout.MAGIC);
        header.putShort(SlotLayout.MAJOR_OFFSET, (short) SlotLayout.MAJOR);
        header.putShort(SlotLayout.MINOR_OFFSET, (short) SlotLayout.MINOR);
        header.putInt(SlotLayout.SLOT_COUNT_OFFSET, SlotLayout.SLOT_COUNT);
        header.putLong(SlotLayout.SESSION_KEY_OFFSET, sessionKey);
        return new SlotFile(SegmentFile.create(path, node, header, SlotLayout.FILE_LENGTH));
    }

    /**
     * Opens the slot table of whatever ring.
     *
     * @return null if nothing has this name
     * @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if it is no slot table that this version can read
     */
    public static @Nullable SlotFile open(Path path) {
        SegmentFile file = SegmentFile.open(path, true, (start, length) -> verify(start, length, path));
        return file == null ? null : new SlotFile(file);
    }

    /** Whether a file is a slot table, of this version, however its ring is. */
    public static boolean isSlotTable(Path path) {
        try {
            return SegmentFile.inspect(path, (start, length) -> verify(start, length, path));
        } catch (IpcException e) {
            return false;
        }
    }

    private static void verify(ByteBuffer start, long length, Path path) {
        SegmentStart.require(start, length, SlotLayout.MAGIC, SlotLayout.MAJOR, SlotLayout.FILE_LENGTH, path);
        int slots = start.getInt(SlotLayout.SLOT_COUNT_OFFSET);
        if (slots != SlotLayout.SLOT_COUNT) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " has " + slots + " slots and must have " + SlotLayout.SLOT_COUNT + "; remove it");
        }
    }

    long sessionKey() {
        return buffer().getLong(SlotLayout.SESSION_KEY_OFFSET);
    }

    boolean isWhole() {
        return file.isWhole();
    }

    /** The whole file, for reading and writing. */
    public AtomicBuffer buffer() {
        return file.buffer();
    }
}
