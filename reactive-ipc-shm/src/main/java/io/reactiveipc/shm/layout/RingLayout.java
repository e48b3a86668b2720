package io.reactiveipc.shm.layout;

/**
 * A ring file: a header page, then the data. Words that change while the ring is in use have 128 bytes alone, so that two
 * cores (and their adjacent-line prefetchers) never fight over a line they do not share.
 *
 * <pre>
 *     0 magic i64            8 major u16  10 minor u16  12 headerLength i32
 *    16 fileLength i64      24 capacity i32             28 recordAlignment i32
 *    32 maxMessageLength i32  36 flags i32              40 epoch i64
 *    48 sessionKey i64      56 node uuid, high i64      64 node uuid, low i64
 *    72 boot id, high i64   80 boot id, low i64         88 initialPosition i64
 *    96 nodeRow i32        100 maxSubscribers i32      104 publicationId i64
 *   112 byteOrderMark i32  116 history i32             120 crc32c i32   124 reserved
 *   128 tail i64           136 latest i64      144 retained i64   ─┐
 *   256 tailIntent i64                                              ├ hot, not in the checksum
 *   384 finalPosition i64                                          ─┘
 *   512 nameLength i32     516 name, at most 255 bytes of UTF-8
 *  1024 typeIdLength i32  1028 type id, at most 255 bytes of UTF-8
 *  2176 waiting i64                     hot, not in the checksum
 *  4096 data, {@code capacity} bytes
 * </pre>
 *
 * {@code flags}: bit 0, records carry a timestamp; bits 8 to 15, the overflow: 0 wait, 1 fail, 2 overwrite the oldest, 3 evict
 * the slow. The checksum is the CRC-32C of bytes 0 to 120 followed by bytes 512 to 2048.
 */
public final class RingLayout {
    /** The bytes {@code RIPCRING}. */
    public static final long MAGIC = 0x474E_4952_4350_4952L;

    public static final int MAJOR = 1;
    public static final int MINOR = 0;
    public static final int HEADER_LENGTH = 4096;

    /** Read back as another number by a host of the other byte order. */
    public static final int BYTE_ORDER_MARK = 0x0102_0304;

    /** Records carry a timestamp. */
    public static final int FLAG_TIMESTAMPS = 1;

    /** In the flags, the number of the overflow. */
    public static final int FLAG_OVERFLOW_SHIFT = 8;

    /** {@code latest} of a ring without a message. */
    public static final long NONE = -1;

    /** {@code finalPosition} of a ring that was not ended. */
    public static final long OPEN = -1;

    public static final int MIN_CAPACITY = 64 * 1024;
    public static final int MAX_CAPACITY = 1024 * 1024 * 1024;

    /** The longest message is at most this fraction of the capacity. */
    public static final int MAX_MESSAGE_FRACTION = 8;

    public static final int MAX_TEXT_BYTES = 255;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAJOR_OFFSET = 8;
    public static final int MINOR_OFFSET = 10;
    public static final int HEADER_LENGTH_OFFSET = 12;
    public static final int FILE_LENGTH_OFFSET = 16;
    public static final int CAPACITY_OFFSET = 24;
    public static final int RECORD_ALIGNMENT_OFFSET = 28;
    public static final int MAX_MESSAGE_LENGTH_OFFSET = 32;
    public static final int FLAGS_OFFSET = 36;
    public static final int EPOCH_OFFSET = 40;
    public static final int SESSION_KEY_OFFSET = 48;
    public static final int NODE_HIGH_OFFSET = 56;
    public static final int NODE_LOW_OFFSET = 64;
    public static final int BOOT_HIGH_OFFSET = 72;
    public static final int BOOT_LOW_OFFSET = 80;
    public static final int INITIAL_POSITION_OFFSET = 88;
    public static final int NODE_ROW_OFFSET = 96;
    public static final int MAX_SUBSCRIBERS_OFFSET = 100;
    public static final int PUBLICATION_ID_OFFSET = 104;
    public static final int BYTE_ORDER_MARK_OFFSET = 112;
    public static final int HISTORY_OFFSET = 116;
    public static final int CRC_OFFSET = 120;

    public static final int TAIL_OFFSET = 128;

    /** Where the newest message starts, or {@link #NONE}. */
    public static final int LATEST_OFFSET = 136;

    /** Where the oldest message of the history starts; kept up to date only where the history is of several messages. */
    public static final int RETAINED_OFFSET = 144;

    /** No byte at or behind this position was touched; what is more than a capacity before it may be gone. */
    public static final int TAIL_INTENT_OFFSET = 256;

    public static final int FINAL_POSITION_OFFSET = 384;

    /** What the publisher waits for: a count of its waits in the high bits, the number of a doorbell + 1 in the low byte. */
    public static final int WAITING_OFFSET = 2176;

    public static final int NAME_LENGTH_OFFSET = 512;
    public static final int NAME_OFFSET = 516;
    public static final int TYPE_ID_LENGTH_OFFSET = 1024;
    public static final int TYPE_ID_OFFSET = 1028;

    /** End of the first stretch under the checksum. */
    public static final int CRC_FIRST_END = 120;

    /** Start of the second stretch under the checksum. */
    public static final int CRC_SECOND_START = 512;

    /** End of the second stretch under the checksum. */
    public static final int CRC_SECOND_END = 2048;

    private RingLayout() {}

    /** Length in bytes of the file of a ring. */
    public static long fileLength(int capacity) {
        return (long) HEADER_LENGTH + capacity;
    }

    /** Where in the file the byte of a position is. */
    public static int offset(long position, int capacity) {
        return HEADER_LENGTH + (int) (position & (capacity - 1));
    }
}
