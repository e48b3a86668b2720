package io.reactiveipc.shm.node;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SegmentFile;
import io.reactiveipc.shm.segment.SegmentStart;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that share a directory. Whether one is alive is a question to the kernel, through {@code nodes.lock}; the
 * table only says who it is.
 *
 * <table>
 *   <caption>Word of a row; whoever changes it holds the row's lock</caption>
 *   <tr><td>FREE</td><td>claim</td><td>LIVE, next generation</td></tr>
 *   <tr><td>LIVE</td><td>release, or reap after a death</td><td>REAPING</td></tr>
 *   <tr><td>REAPING</td><td>all cleared away</td><td>FREE, next generation</td></tr>
 * </table>
 *
 * A lock that is free with a word that is not FREE is a death to clear away. Any thread may call any method.
 */
public final class NodeTable {
    private static final UUID NOBODY = new UUID(0, 0);
    private static final int CLAIM_PASSES = 3;
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RootDirectory root;
    private final LockFile locks;
    private final AtomicBuffer rows;
    private final Reaper reaper;

    private NodeTable(RootDirectory root, LockFile locks, SegmentFile table) {
        this.root = root;
        this.locks = locks;
        this.rows = table.buffer();
        this.reaper = new Reaper(root, this);
    }

    /**
     * Opens the table of a directory, and creates it if absent.
     *
     * @throws IpcException with {@link ErrorCode#STORAGE} if there is no room, {@link ErrorCode#INCOMPATIBLE_FILE} if
     *     another version uses the directory
     */
    public static NodeTable open(RootDirectory root) {
        LockFile locks = LockFile.open(root.nodesLock());
        SegmentFile table = openTable(root.nodesTable());
        if (table == null || !temporaries(root).isEmpty()) { // the latter of one who died when the table had its name
            table = createTable(root, locks);
        }
        return new NodeTable(root, locks, table);
    }

    private static @Nullable SegmentFile openTable(Path path) {
        return SegmentFile.open(
                path,
                true,
                (start, length) -> SegmentStart.require(
                        start, length, NodeLayout.MAGIC, NodeLayout.MAJOR, NodeLayout.FILE_LENGTH, path));
    }

    private static List<Path> temporaries(RootDirectory root) {
        return StreamDirectory.temporariesIn(root.path(), NOBODY);
    }

    /** Unless it is there by now; clears up after those who died creating it. */
    private static SegmentFile createTable(RootDirectory root, LockFile locks) {
        Path path = root.nodesTable();
        FileLock lock = require(locks.lock(NodeLayout.TABLE_LOCK, WAIT_NANOS), "creation of " + path);
        try {
            for (Path leftover : temporaries(root)) {
                Files.deleteIfExists(leftover);
            }
            SegmentFile table = openTable(path);
            while (table == null) {
                try {
                    table = SegmentFile.create(path, NOBODY, header(), NodeLayout.FILE_LENGTH);
                } catch (FileAlreadyExistsException e) {
                    table = openTable(path);
                }
            }
            return table;
        } catch (IOException e) {
            throw new IpcException(
                    ErrorCode.DIRECTORY, "cannot clear up in " + root + " (" + e + "); check its permissions", e);
        } finally {
            locks.release(lock);
        }
    }

    private static ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(NodeLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(NodeLayout.MAGIC_OFFSET, NodeLayout.MAGIC);
        header.putShort(NodeLayout.MAJOR_OFFSET, (short) NodeLayout.MAJOR);
        header.putShort(NodeLayout.MINOR_OFFSET, (short) NodeLayout.MINOR);
        header.putInt(NodeLayout.ROW_COUNT_OFFSET, NodeLayout.ROW_COUNT);
        return header;
    }

    /**
     * Takes a row for a new node of this process, after clearing away what its last owner left.
     *
     * @param name for diagnostics; cut to 59 bytes of UTF-8
     * @throws IpcException with {@link ErrorCode#TOO_MANY_NODES} if no row can be had
     */
    public NodeRow claim(String name) {
        // More than once, because another process that just looks whether a row is alive keeps us from taking it.
        for (int pass = 0; pass < CLAIM_PASSES; pass++) {
            for (int row = 0; row < NodeLayout.ROW_COUNT; row++) {
                FileLock lock = locks.tryLock(row);
                if (lock != null) {
                    return claimLocked(row, lock, name);
                }
            }
        }
        throw new IpcException(
                ErrorCode.TOO_MANY_NODES,
                "all " + NodeLayout.ROW_COUNT + " node rows of " + root
                        + " are taken; share one IpcNode in each process, or use a second directory");
    }

    private NodeRow claimLocked(int row, FileLock lock, String name) {
        boolean done = false;
        try {
            CrashPoint.ROW_LOCKED.passed();
            reaper.reapRow(row);
            UUID uuid = UUID.randomUUID();
            UUID bootId = HostBoot.id();
            fill(NodeLayout.rowOffset(row), uuid, bootId, name);
            CrashPoint.ROW_FILLED.passed();
            wordRelease(row, NodeLayout.word(NodeLayout.generation(wordAcquire(row)) + 1, NodeLayout.LIVE));
            done = true;
            CrashPoint.ROW_LIVE.passed();
            return new NodeRow(this, lock, row, uuid, bootId);
        } finally {
            if (!done) {
                locks.release(lock);
            }
        }
    }

    private void fill(int offset, UUID uuid, UUID bootId, String name) {
        rows.putLong(offset + NodeLayout.UUID_HIGH_OFFSET, uuid.getMostSignificantBits());
        rows.putLong(offset + NodeLayout.UUID_LOW_OFFSET, uuid.getLeastSignificantBits());
        rows.putLong(offset + NodeLayout.PID_OFFSET, ProcessHandle.current().pid());
        rows.putLong(
                offset + NodeLayout.START_TIME_OFFSET,
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .orElse(0L));
        rows.putLong(offset + NodeLayout.BOOT_HIGH_OFFSET, bootId.getMostSignificantBits());
        rows.putLong(offset + NodeLayout.BOOT_LOW_OFFSET, bootId.getLeastSignificantBits());
        rows.putLong(offset + NodeLayout.HEARTBEAT_OFFSET, 0);
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = cut(text, NodeLayout.MAX_NAME_BYTES);
        rows.putInt(offset + NodeLayout.NAME_LENGTH_OFFSET, length);
        rows.putBytes(offset + NodeLayout.NAME_OFFSET, text, 0, length);
    }

    /** The longest length up to {@code max} that does not cut a character in two. */
    private static int cut(byte[] text, int max) {
        int length = Math.min(text.length, max);
        while (length > 0 && length < text.length && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    void release(int row, FileLock lock) {
        try {
            reaper.reapRow(row);
        } finally {
            locks.release(lock);
            locks.askKernelNoMore();
        }
    }

    /**
     * Whether the node of a row is proven dead, or the row has none. A node that is just being cleared away counts as not
     * dead: somebody is at it. Costs microseconds; never waits.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public boolean dead(int row) {
        requireRow(row);
        return locks.isFree(row);
    }

    /** Whether this very node is alive, and not a later one in its row. */
    public boolean alive(int row, UUID node) {
        requireRow(row);
        return NodeLayout.state(wordAcquire(row)) == NodeLayout.LIVE
                && uuid(row).equals(node)
                && !dead(row);
    }

    /** Whether a node is alive, wherever its row is. */
    public boolean alive(UUID node) {
        for (int row = 0; row < NodeLayout.ROW_COUNT; row++) {
            if (NodeLayout.state(wordAcquire(row)) == NodeLayout.LIVE
                    && uuid(row).equals(node)) {
                return !dead(row);
            }
        }
        return false;
    }

    /** The node in a row, as the table says; also of a row that there is none of, as bytes in a slot may name. */
    public PeerInfo peer(int row) {
        if (row < 0 || row >= NodeLayout.ROW_COUNT) {
            return new PeerInfo(new UUID(0, 0), "row " + row + ", which there is none of", 0, Instant.EPOCH);
        }
        int offset = NodeLayout.rowOffset(row);
        return new PeerInfo(
                uuid(row),
                name(offset),
                rows.getLong(offset + NodeLayout.PID_OFFSET),
                Instant.ofEpochMilli(rows.getLong(offset + NodeLayout.START_TIME_OFFSET)));
    }

    private String name(int offset) {
        byte[] text = new byte
                [Math.max(0, Math.min(NodeLayout.MAX_NAME_BYTES, rows.getInt(offset + NodeLayout.NAME_LENGTH_OFFSET)))];
        rows.getBytes(offset + NodeLayout.NAME_OFFSET, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The node in a row, for a message: {@code "prices" (pid 4711, row 3)}. */
    public String describe(int row) {
        requireRow(row);
        int offset = NodeLayout.rowOffset(row);
        return "\"" + name(offset) + "\" (pid " + rows.getLong(offset + NodeLayout.PID_OFFSET) + ", row " + row + ")";
    }

    /**
     * Excludes everybody else, in this process and others, from creating and clearing away in a topic. Waits some seconds
     * at most, so never call it from a poll loop. Not reentrant, and two topics may share a lock: hold one at a time.
     *
     * @param sha256 {@link StreamDirectory#sha256()}
     * @throws IpcException with {@link ErrorCode#STORAGE} if it cannot be had
     */
    public TopicLock lockTopic(String sha256) {
        FileLock lock = locks.lock(topicByte(sha256), WAIT_NANOS);
        TopicLock taken = new TopicLock(locks, require(lock, "the lock of topic " + sha256));
        CrashPoint.TOPIC_LOCKED.passed();
        return taken;
    }

    @Nullable
    TopicLock tryLockTopic(String sha256, long timeoutNanos) {
        FileLock lock = locks.lock(topicByte(sha256), timeoutNanos);
        return lock == null ? null : new TopicLock(locks, lock);
    }

    private static long topicByte(String sha256) {
        int hexDigits = NodeLayout.TOPIC_LOCK_BITS / 4;
        return NodeLayout.TOPIC_LOCKS + Integer.parseInt(sha256.substring(0, hexDigits), 16);
    }

    private static FileLock require(@Nullable FileLock lock, String what) {
        if (lock == null) {
            throw new IpcException(
                    ErrorCode.STORAGE,
                    what + " was not to be had within " + TimeUnit.NANOSECONDS.toSeconds(WAIT_NANOS)
                            + " s: another process hangs in it; look for stopped processes that use the directory");
        }
        return lock;
    }

    /** Clears away after nodes that died. */
    public Reaper reaper() {
        return reaper;
    }

    /** {@link LockFile#sweeping} */
    Object sweeping() {
        return locks.sweeping();
    }

    boolean isLockedByUs(int row) {
        return locks.isKnownToKernel(row);
    }

    @Nullable
    FileLock retake(FileLock lost) {
        return locks.retake(lost);
    }

    /** Whether a row is still of the node that once claimed it. */
    boolean isOf(int row, UUID node) {
        return NodeLayout.state(wordAcquire(row)) == NodeLayout.LIVE
                && uuid(row).equals(node);
    }

    @Nullable
    FileLock tryLockRow(int row) {
        return locks.tryLock(row);
    }

    void unlockRow(FileLock lock) {
        locks.release(lock);
    }

    /** Whether there is a row of that number. */
    public boolean isRow(int row) {
        return row >= 0 && row < NodeLayout.ROW_COUNT;
    }

    /** The node that is, or last was, in a row. */
    public UUID uuid(int row) {
        requireRow(row);
        int offset = NodeLayout.rowOffset(row);
        return new UUID(
                rows.getLong(offset + NodeLayout.UUID_HIGH_OFFSET), rows.getLong(offset + NodeLayout.UUID_LOW_OFFSET));
    }

    /** Of a LIVE word: what {@code claim} filled in is visible. */
    long wordAcquire(int row) {
        return rows.getLongAcquire(NodeLayout.rowOffset(row) + NodeLayout.WORD_OFFSET); // SYNC N1
    }

    /** Only with the row's lock held, so a plain store in its order is enough. */
    void wordRelease(int row, long word) {
        rows.putLongRelease(NodeLayout.rowOffset(row) + NodeLayout.WORD_OFFSET, word); // SYNC N1
    }

    private static void requireRow(int row) {
        if (row < 0 || row >= NodeLayout.ROW_COUNT) {
            throw new IllegalArgumentException("row must be 0 to " + (NodeLayout.ROW_COUNT - 1) + ": " + row);
        }
    }
}
