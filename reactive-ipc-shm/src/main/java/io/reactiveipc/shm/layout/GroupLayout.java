package io.reactiveipc.shm.layout;

/**
 * The queue groups of a ring: rows in the header of its slot table, and entries in the slots of their members. See
 * docs/adr/0013.
 *
 * <pre>
 *   1024 + 128 g      key i64     of the group's name; 0: no group has this row, nor a later one
 *   1024 + 128 g +  8   claim i64   [ position / 32 : 54 | operation:4 | slot:6 ], or 0: nobody has joined yet
 *   1024 + 128 g + 16   returned i64  how often a slot of the group became RETURNED
 *
 *   an entry            0, or [ position : 59 | unused:2 | once:1 | held:1 | tentative:1 ]
 * </pre>
 *
 * A claim's {@code operation} is 0 for none, 1 join, 2 leave, 3 end, or 8 + e: the message before the position was claimed into
 * entry e of the slot.
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

    private static final int SLOT_BITS = 6;
    private static final int NAME_BITS = 10;
    private static final int ALIGNMENT_BITS = 5;

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

    /** Packs a claim word; the position is a multiple of the record alignment. */
    public static long claim(long position, int operation, int slot) {
        return position >>> ALIGNMENT_BITS << NAME_BITS | (operation & 0xF) << SLOT_BITS | slot & 0x3F;
    }

    /** The operation that claims into an entry. */
    public static int claimInto(int entry) {
        return ENTRY | entry;
    }

    /** Where the next message stands that nobody has claimed. */
    public static long position(long claim) {
        return claim >>> NAME_BITS << ALIGNMENT_BITS;
    }

    public static int operation(long claim) {
        return (int) claim >>> SLOT_BITS & 0xF;
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
