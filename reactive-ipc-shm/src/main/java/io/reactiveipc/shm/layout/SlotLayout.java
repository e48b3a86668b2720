package io.reactiveipc.shm.layout;

/**
 * The table of subscriber slots that belongs to a ring. Subscribers write here, so it is a file of its own and the ring can
 * be mapped for reading only. The file holds 64 slots, whatever the ring admits.
 *
 * <pre>
 *      0 magic i64    8 major u16   10 minor u16   12 slotCount i32   16 sessionKey i64
 *    128 sleepers i32   1: a subscriber wants its doorbell rung at the next commit
 *   4096 + 256 i      word i64    [ generation:32 | nodeRow:24 | group:4 | state:4 ]
 *   4096 + 256 i +  64  armed i32   which doorbell of its node: the loop's number + 1, or 0
 *   4096 + 256 i + 128  cursor i64
 *   4096 + 256 i + 192  8 entries i64, of a member of a group: see {@link GroupLayout}
 * </pre>
 */
public final class SlotLayout {
    /** The bytes {@code RIPCSUBS}. */
    public static final long MAGIC = 0x5342_5553_4350_4952L;

    public static final int MAJOR = 1;
    public static final int MINOR = 0;
    public static final int HEADER_LENGTH = 4096;
    public static final int SLOT_COUNT = 64;
    public static final int SLOT_LENGTH = 256;
    public static final int FILE_LENGTH = HEADER_LENGTH + SLOT_COUNT * SLOT_LENGTH;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAJOR_OFFSET = 8;
    public static final int MINOR_OFFSET = 10;
    public static final int SLOT_COUNT_OFFSET = 12;
    public static final int SESSION_KEY_OFFSET = 16;

    /** In the header: 1 when a subscriber wants its doorbell rung at the next commit. */
    public static final int SLEEPERS_OFFSET = 128;

    private static final int ARMED_OFFSET = 64;
    private static final int CURSOR_OFFSET = 128;
    private static final int ENTRIES_OFFSET = 192;

    /** How many messages a slot in a group may hold. */
    public static final int ENTRY_COUNT = 8;

    public static final int FREE = 0;
    public static final int JOINING = 1;
    public static final int ACTIVE = 2;
    public static final int EVICTED = 3;
    public static final int OBSERVING = 4;

    /** Those below are in a group, or come into it or leave it. */
    public static final int ENTERING = 5;

    public static final int MEMBER = 6;
    public static final int LEAVING = 7;
    public static final int RETURNED = 8;

    /** The largest node row a word can name. */
    public static final int MAX_NODE_ROW = 0xFF_FFFF;

    private SlotLayout() {}

    /** Where in the file the word of a slot is. */
    public static int wordOffset(int slot) {
        return HEADER_LENGTH + slot * SLOT_LENGTH;
    }

    /** Where in the file a slot says which of its node's doorbells to ring: the loop's number + 1, or 0 for none; an int. */
    public static int armedOffset(int slot) {
        return HEADER_LENGTH + slot * SLOT_LENGTH + ARMED_OFFSET;
    }

    /** Where in the file the cursor of a slot is. */
    public static int cursorOffset(int slot) {
        return HEADER_LENGTH + slot * SLOT_LENGTH + CURSOR_OFFSET;
    }

    /** Where in the file an entry of a slot is. */
    public static int entryOffset(int slot, int entry) {
        return HEADER_LENGTH + slot * SLOT_LENGTH + ENTRIES_OFFSET + entry * Long.BYTES;
    }

    /** Packs a slot's word, of no group; of {@code nodeRow} the low 24 bits and of {@code state} the low 4 bits count. */
    public static long word(int generation, int nodeRow, int state) {
        return (long) generation << 32 | (long) (nodeRow & MAX_NODE_ROW) << 8 | (state & 0xF);
    }

    /** The word of the same owner, generation and group in another state. */
    public static long withState(long word, int state) {
        return word & ~0xFL | state & 0xF;
    }

    /** The word of the same owner and generation in a group, in another state. */
    public static long inGroup(long word, int group, int state) {
        return word & ~0xFFL | (group & 0xF) << 4 | state & 0xF;
    }

    /** The word of a slot that was taken away from the owner of this word. */
    public static long freed(long word) {
        return word(generation(word) + 1, 0, FREE);
    }

    /** The word of the same group and state in the next generation, with another owner. */
    public static long ownedBy(long word, int nodeRow) {
        return nextGeneration(word) & ~((long) MAX_NODE_ROW << 8) | (long) (nodeRow & MAX_NODE_ROW) << 8;
    }

    /** The word of the same owner and state in the next generation. */
    public static long nextGeneration(long word) {
        return word + (1L << 32);
    }

    public static int generation(long word) {
        return (int) (word >>> 32);
    }

    public static int nodeRow(long word) {
        return (int) (word >>> 8) & MAX_NODE_ROW;
    }

    public static int state(long word) {
        return (int) word & 0xF;
    }

    /** Whether a node has the slot: it is neither free nor given back to a group. */
    public static boolean hasOwner(long word) {
        return state(word) != FREE && state(word) != RETURNED;
    }

    /** Which group, in the states that have one. */
    public static int group(long word) {
        return (int) word >>> 4 & 0xF;
    }

    /** Whether the word is of a slot in this group, of a member or of one that was given back. */
    public static boolean isIn(long word, int group) {
        int state = state(word);
        return (state == MEMBER || state == LEAVING || state == RETURNED) && group(word) == group;
    }
}
