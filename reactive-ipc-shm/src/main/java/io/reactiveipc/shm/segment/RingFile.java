package io.reactiveipc.shm.segment;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A ring with its slot table. The slot table comes first and goes last, so a ring that has a name has one. The mappings
 * live as long as this object or its buffers are referenced, whether the names still exist or not.
 */
public final class RingFile {
    private final RingHeader header;
    private final SegmentFile ring;
    private final SlotFile slots;

    private RingFile(RingHeader header, SegmentFile ring, SlotFile slots) {
        this.header = header;
        this.ring = ring;
        this.slots = slots;
    }

    /**
     * Creates a ring, for writing. The caller holds the topic's lock.
     *
     * @throws IpcException with {@link ErrorCode#STORAGE} if there is no room for it, or a ring of this publication and
     *     epoch; nothing is left behind
     */
    public static RingFile create(StreamDirectory directory, RingHeader header) {
        return create(directory, header, FreeSpace.SYSTEM);
    }

    static RingFile create(StreamDirectory directory, RingHeader header, FreeSpace space) {
        if (!directory.sha256().equals(StreamDirectory.sha256(header.name()))) {
            throw new IllegalArgumentException(
                    "the directory of another stream: " + directory.path() + " for \"" + header.name() + "\"");
        }
        directory.create();
        CrashPoint.DIRECTORY_CREATED.passed();
        Path path = directory.ring(header.publicationId(), header.epoch());
        boolean done = false;
        try {
            SlotFile slots = createSlots(path, header);
            CrashPoint.SLOTS_CREATED.passed();
            try {
                SegmentFile ring = SegmentFile.create(path, header.node(), header.write(), header.fileLength(), space);
                done = true;
                return new RingFile(header, ring, slots);
            } finally {
                if (!done) {
                    delete(StreamDirectory.slotsOf(path));
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new IpcException(ErrorCode.STORAGE, path + " exists already; publish again under another epoch", e);
        } finally {
            if (!done) {
                deleteIfEmpty(directory.path());
            }
        }
    }

    private static SlotFile createSlots(Path ring, RingHeader header) throws FileAlreadyExistsException {
        Path path = StreamDirectory.slotsOf(ring);
        try {
            return SlotFile.create(path, header.node(), header.sessionKey());
        } catch (FileAlreadyExistsException e) {
            if (Files.exists(ring, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            // Slots without a ring: their creator died in between. Nobody else is at it, we hold the topic's lock.
            delete(path);
            return SlotFile.create(path, header.node(), header.sessionKey());
        }
    }

    /**
     * Maps a ring of any node: the ring for reading, its slots for writing too. Everything its header says is checked
     * first.
     *
     * @return null if it has vanished: its publisher closed it or died
     * @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if it is no ring or one this version cannot read
     * @throws CorruptRingException if it is a ring that contradicts itself
     */
    public static @Nullable RingFile attach(Path path) {
        AtomicReference<RingHeader> parsed = new AtomicReference<>();
        SegmentFile ring = SegmentFile.open(
                path, false, (start, length) -> parsed.set(verified(RingHeader.parse(start, length, path), path)));
        if (ring == null) {
            return null;
        }
        RingHeader header = parsed.get();
        SlotFile slots = SlotFile.open(StreamDirectory.slotsOf(path));
        if (slots == null) {
            if (ring.isNamed()) {
                throw RingHeader.corrupt(path, "its slot table is missing");
            }
            return null;
        }
        if (slots.sessionKey() != header.sessionKey()) {
            throw RingHeader.corrupt(path, "its slot table is of another session");
        }
        return new RingFile(header, ring, slots);
    }

    /**
     * Reads the header of a ring and maps nothing.
     *
     * @return null if it has vanished
     * @throws IpcException as {@link #attach}
     */
    public static @Nullable RingHeader headerOf(Path path) {
        AtomicReference<RingHeader> parsed = new AtomicReference<>();
        SegmentFile.inspect(path, (start, length) -> parsed.set(verified(RingHeader.parse(start, length, path), path)));
        return parsed.get();
    }

    private static RingHeader verified(RingHeader header, Path path) {
        if (!StreamDirectory.isNameOf(path, header)) {
            throw RingHeader.corrupt(
                    path, "its header is of publication " + header.publicationId() + ", epoch " + header.epoch());
        }
        Path directory = path.toAbsolutePath().getParent();
        if (!directory.getFileName().toString().equals(StreamDirectory.sha256(header.name()))) {
            throw RingHeader.corrupt(path, "its header is of stream \"" + header.name() + "\"");
        }
        return header;
    }

    public RingHeader header() {
        return header;
    }

    /** The whole ring file, header page included. Of an attached ring for reading only: a write would end the JVM. */
    public AtomicBuffer ring() {
        return ring.buffer();
    }

    /** The whole slot table. */
    public AtomicBuffer slots() {
        return slots.buffer();
    }

    /** Where the ring's name is, or was. */
    public Path path() {
        return ring.path();
    }

    /** Whether neither the ring nor its slot table was cut short since they were mapped. */
    public boolean isWhole() {
        return ring.isWhole() && slots.isWhole();
    }

    /** Whether the ring's name still leads to it; if not, nobody new will attach. */
    public boolean isNamed() {
        return ring.isNamed();
    }

    /** Removes the names. Those who have it mapped go on. Idempotent. */
    public void unlink() {
        unlink(ring.path());
    }

    /** Removes the names of a ring, as its owner or in its dead owner's place. Idempotent. */
    public static void unlink(Path ring) {
        delete(ring);
        CrashPoint.RING_UNLINKED.passed();
        delete(StreamDirectory.slotsOf(ring));
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new IpcException(
                    ErrorCode.STORAGE, "cannot remove " + path + " (" + e + "); check the directory's permissions", e);
        }
    }

    private static void deleteIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // not empty: other publications live there
        }
    }
}
