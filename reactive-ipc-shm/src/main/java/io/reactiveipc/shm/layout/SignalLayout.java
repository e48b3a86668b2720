package io.reactiveipc.shm.layout;

/**
 * The counter of a signal, in a file of its own that all map for writing. From {@code sleepers} and the slots on it is laid out
 * as a {@link SlotLayout slot table}, so one protocol claims, arms and reaps both; the cursors are not used.
 *
 * <pre>
 *      0 magic i64    8 major u16   10 minor u16   12 slotCount i32
 *    128 sleepers i32   as in a slot table
 *    256 count i64      signals since the file was created
 *    512 nameLength i32     516 name, at most 255 bytes of UTF-8
 *   1024 users          bit r: the node of row r has the file open; bit r mod 64 of the i64 at 1024 + 8 (r / 64)
 *   4096 + 256 i        slots as in a slot table
 * </pre>
 */
public final class SignalLayout {
    /** The bytes {@code RIPCSIGN}. */
    public static final long MAGIC = 0x4E47_4953_4350_4952L;

    public static final int MAJOR = 1;
    public static final int MINOR = 0;
    public static final int MAX_NAME_BYTES = 255;
    public static final int FILE_LENGTH = SlotLayout.FILE_LENGTH;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAJOR_OFFSET = 8;
    public static final int MINOR_OFFSET = 10;
    public static final int SLOT_COUNT_OFFSET = SlotLayout.SLOT_COUNT_OFFSET;
    public static final int SLEEPERS_OFFSET = SlotLayout.SLEEPERS_OFFSET;
    public static final int COUNT_OFFSET = 256;
    public static final int NAME_LENGTH_OFFSET = 512;
    public static final int NAME_OFFSET = 516;

    /** Users of 64 rows in each i64. */
    public static final int USERS_OFFSET = 1024;

    /** How many i64 the users take. */
    public static final int USERS_WORDS = NodeLayout.ROW_COUNT / Long.SIZE;

    private SignalLayout() {}

    /** Where in the file the word with the bit of a row is. */
    public static int usersOffset(int row) {
        return USERS_OFFSET + row / Long.SIZE * Long.BYTES;
    }

    /** The bit of a row in its word. */
    public static long userBit(int row) {
        return 1L << row % Long.SIZE;
    }
}
