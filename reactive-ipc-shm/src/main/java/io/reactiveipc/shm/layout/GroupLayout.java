package io.reactiveipc.shm.layout;

/**
 * The queue groups of a ring: rows in the header of its slot table, and entries in the slots of their members. See
 * docs/adr/0013.
 *
 * <pre>
 *   1024 + 128 g      key i64     of the group's name; 0: no group has this row, nor a later one
 *   1024 + 128 g +  8   claim i64   [ position / 32 : 47 | changes:7 | operation:4 | slot:6 ], or 0:
 *                               nobody has joined yet
 *   1024 + 128 g + 16   returned i64  how often a slot of the group became RETURNED
 *
 *   an entry            0, or [ position : 59 | unused:2 | once:1 | held:1 | tentative:1 ]
 * </pre>
 *
 * A claim's {@code operation} is 0 for none, 1 join, 2 leave, 3 end, or 8 + e: the message before the position was claimed into
 * entry e of the slot. {@code changes} counts joins, leaves and ends, so that the word does not come back to what it was while the
 * position stays.
 */
public final class GroupLayout {
    public static final int GROUP_COUNT = 16;

    private static final int GROUPS_OFFSET = 1024;
    private static final int GROUP_LENGTH = 128;
    private static final int CLAIM_OFFSET = 8;
    private static final int RETURNED_OFFSET = 16;

    public static final int NONE = 0;
    public static final int JOIN = 1;
    public static final int LEAVE = 2;
    public static final int END = 3;
    private static final int ENTRY = 8;

    private static final int OPERATION_SHIFT = 6;
    private static final int CHANGES_SHIFT = 10;
    private static final int POSITION_SHIFT = 17;
    private static final int ALIGNMENT_SHIFT = 5;

    /** Groups end where a claim word cannot name the position any more: after 4 PiB. */
    public static final long MAX_POSITION = 0xF_FFFF_FFFF_FFE0L;

    /** In an entry: the claim is tried, and only the claim word knows whether it was won. */
    public static final int TENTATIVE = 1;

    /** In an entry: the message is this slot's. */
    public static final int HELD = 2;

    /** In an entry: the message is for nobody else, whatever happens. */
    public static final int ONCE = 4;

    private static final long FLAGS = RecordLayout.ALIGNMENT - 1;

    private GroupLayout() {}

    public static int keyOffset(int group) {
        return GROUPS_OFFSET + group * GROUP_LENGTH;
    }

    public static int claimOffset(int group) {
        return GROUPS_OFFSET + group * GROUP_LENGTH + CLAIM_OFFSET;
    }

    public static int returnedOffset(int group) {
        return GROUPS_OFFSET + group * GROUP_LENGTH + RETURNED_OFFSET;
    }

    // ---- the claim word ---------------------------------------------------------------------------------------------

    /**
     * The claim word that comes after another one.
     *
     * @param position a multiple of the record alignment, at most {@link #MAX_POSITION}
     */
    public static long next(long claim, long position, int operation, int slot) {
        boolean change = operation == JOIN || operation == LEAVE || operation == END;
        long changes = (claim >>> CHANGES_SHIFT) + (change ? 1 : 0) & 0x7F;
        return position >>> ALIGNMENT_SHIFT << POSITION_SHIFT
                | changes << CHANGES_SHIFT
                | (long) (operation & 0xF) << OPERATION_SHIFT
                | slot & 0x3F;
    }

    /** The operation that claims into an entry. */
    public static int claimInto(int entry) {
        return ENTRY | entry;
    }

    /** Where the next message stands that nobody has claimed. */
    public static long position(long claim) {
        return claim >>> POSITION_SHIFT << ALIGNMENT_SHIFT;
    }

    public static int operation(long claim) {
        return (int) claim >>> OPERATION_SHIFT & 0xF;
    }

    public static int slot(long claim) {
        return (int) claim & 0x3F;
    }

    /** Which entry an operation claims into, or -1. */
    public static int entry(int operation) {
        return operation >= ENTRY ? operation - ENTRY : -1;
    }

    /** Whether the group has members, and holds its publisher back. */
    public static boolean isAlive(long claim) {
        return claim != 0 && operation(claim) != END;
    }

    // ---- entries ----------------------------------------------------------------------------------------------------

    public static long entryPosition(long entry) {
        return entry & ~FLAGS;
    }

    public static boolean isTentative(long entry) {
        return (entry & TENTATIVE) != 0;
    }

    public static boolean isHeld(long entry) {
        return (entry & HELD) != 0;
    }

    public static boolean isOnce(long entry) {
        return (entry & ONCE) != 0;
    }

    /** A tentative entry as one that is held. */
    public static long held(long entry) {
        return entry & ~TENTATIVE | HELD;
    }
}
