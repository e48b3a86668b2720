package io.reactiveipc.shm.layout;

/**
 * A record in the data of a ring; starts at a multiple of 32 and is padded to one. As the header is shorter than the
 * alignment, a pad always fits before the end of the data.
 *
 * <pre>
 *    0 length i32 (payload)    4 type u16    6 flags u16
 *    8 stamp i64              16 sequence i64
 *   24 payload                                     flags bit 0 clear
 *   24 timestamp i64          32 payload           flags bit 0 set
 * </pre>
 *
 * {@code length} counts neither the header nor the timestamp nor the padding.
 */
public final class RecordLayout {
    public static final int ALIGNMENT = 32;
    public static final int HEADER_LENGTH = 24;
    public static final int TIMESTAMP_LENGTH = 8;

    public static final int LENGTH_OFFSET = 0;
    public static final int TYPE_OFFSET = 4;
    public static final int FLAGS_OFFSET = 6;
    public static final int STAMP_OFFSET = 8;
    public static final int SEQUENCE_OFFSET = 16;
    public static final int PAYLOAD_OFFSET = 24;
    public static final int TIMESTAMP_OFFSET = 24;
    public static final int TIMESTAMPED_PAYLOAD_OFFSET = 32;

    /** In {@code flags}: a timestamp stands before the payload. */
    public static final int FLAG_TIMESTAMP = 1;

    /** A message. */
    public static final int DATA = 1;

    /** Room that was not used. */
    public static final int PAD = 2;

    /** A part of a message; reserved. */
    public static final int FRAG = 3;

    /** A message that lies elsewhere; reserved. */
    public static final int POOLREF = 4;

    /** The end of the stream. */
    public static final int EOS = 5;

    private RecordLayout() {}

    /** Rounds a length of 0 to {@code Integer.MAX_VALUE - 31} up to a multiple of the alignment. */
    public static int align(int length) {
        return (length + (ALIGNMENT - 1)) & -ALIGNMENT;
    }

    /** Bytes from the start of a record to the start of the next one, for a payload without or with a timestamp. */
    public static int recordLength(int length, boolean timestamp) {
        return align((timestamp ? TIMESTAMPED_PAYLOAD_OFFSET : PAYLOAD_OFFSET) + length);
    }
}
