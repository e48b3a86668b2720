package io.reactiveipc.shm.layout;

/**
 * {@code nodes.tab}: one row for each node that shares the directory.
 *
 * <pre>
 *      0 magic i64    8 major u16   10 minor u16   12 rowCount i32
 *   4096 + 128 i:
 *      0 word i64    [ generation:32 | unused:24 | state:8 ]
 *      8 uuid, high i64     16 uuid, low i64
 *     24 pid i64            32 start time i64, milliseconds of the epoch
 *     40 boot id, high i64  48 boot id, low i64
 *     56 heartbeat i64
 *     64 nameLength i32     68 name, at most 59 bytes of UTF-8
 * </pre>
 *
 * Byte i of {@code nodes.lock}, locked, says that the node of row i is alive. Further bytes of it exclude other things:
 *
 * <pre>
 *   0 … 1023                rows
 *   524288                  creation of nodes.tab
 *   1048576 + 20-bit hash   creating and clearing away in one topic
 * </pre>
 */
public final class NodeLayout {
    /** The bytes {@code RIPCNODE}. */
    public static final long MAGIC = 0x4544_4F4E_4350_4952L;

    public static final int MAJOR = 1;
    public static final int MINOR = 0;
    public static final int HEADER_LENGTH = 4096;
    public static final int ROW_COUNT = 1024;
    public static final int ROW_LENGTH = 128;
    public static final int FILE_LENGTH = HEADER_LENGTH + ROW_COUNT * ROW_LENGTH;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAJOR_OFFSET = 8;
    public static final int MINOR_OFFSET = 10;
    public static final int ROW_COUNT_OFFSET = 12;

    /** Within a row, as are all that follow. */
    public static final int WORD_OFFSET = 0;

    public static final int UUID_HIGH_OFFSET = 8;
    public static final int UUID_LOW_OFFSET = 16;
    public static final int PID_OFFSET = 24;
    public static final int START_TIME_OFFSET = 32;
    public static final int BOOT_HIGH_OFFSET = 40;
    public static final int BOOT_LOW_OFFSET = 48;
    public static final int HEARTBEAT_OFFSET = 56;
    public static final int NAME_LENGTH_OFFSET = 64;
    public static final int NAME_OFFSET = 68;
    public static final int MAX_NAME_BYTES = 59;

    public static final int FREE = 0;
    public static final int LIVE = 1;
    public static final int REAPING = 2;

    /** The byte of {@code nodes.lock} that is held to create {@code nodes.tab}. */
    public static final long TABLE_LOCK = 1L << 19;

    /** The first of the bytes of {@code nodes.lock} that stand for topics. */
    public static final long TOPIC_LOCKS = 1L << 20;

    /** So many of the leading bits of a topic's hash choose its byte. */
    public static final int TOPIC_LOCK_BITS = 20;

    private NodeLayout() {}

    /** Where in the file a row starts. */
    public static int rowOffset(int row) {
        return HEADER_LENGTH + row * ROW_LENGTH;
    }

    public static long word(int generation, int state) {
        return (long) generation << 32 | (state & 0xFF);
    }

    public static int generation(long word) {
        return (int) (word >>> 32);
    }

    public static int state(long word) {
        return (int) word & 0xFF;
    }
}
