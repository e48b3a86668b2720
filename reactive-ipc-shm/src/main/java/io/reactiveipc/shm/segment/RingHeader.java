package io.reactiveipc.shm.segment;

import static io.reactiveipc.shm.layout.RingLayout.*;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a ring says about itself; never changes once the file has its name.
 *
 * @param name the stream's name, 1 to 255 bytes of UTF-8
 * @param typeId what the payloads mean, 1 to 255 bytes of UTF-8
 * @param publicationId random id of the publication, in the file's name
 * @param epoch incarnation of the publication, in the file's name; not negative
 * @param sessionKey random and never 0; what stamps are mixed with
 * @param node the publishing node
 * @param nodeRow its row in {@code nodes.tab}
 * @param bootId the boot of the host it was created in, or zeros
 * @param capacity bytes of data, a power of two
 * @param maxMessageLength bytes, at most an eighth of the capacity
 * @param maxSubscribers slots that may be taken, 1 to 64
 * @param timestamps whether records carry a timestamp
 * @param initialPosition where the first record stands; a multiple of the record alignment
 * @param overflow what the publisher does when there is no room
 * @param history messages that it keeps for those who come later
 */
public record RingHeader(
        String name,
        String typeId,
        long publicationId,
        long epoch,
        long sessionKey,
        UUID node,
        int nodeRow,
        UUID bootId,
        int capacity,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        long initialPosition,
        Overflow.Kind overflow,
        int history) {
    /** @throws IllegalArgumentException naming the value that no ring may have */
    public RingHeader {
        requireText("name", name.getBytes(StandardCharsets.UTF_8).length);
        requireText("typeId", typeId.getBytes(StandardCharsets.UTF_8).length);
        require(epoch >= 0, "epoch must not be negative", epoch);
        require(sessionKey != 0, "sessionKey must not be 0", sessionKey);
        requireRange("nodeRow", nodeRow, 0, NodeLayout.ROW_COUNT - 1);
        requireRange("capacity", capacity, MIN_CAPACITY, MAX_CAPACITY);
        require(Integer.bitCount(capacity) == 1, "capacity must be a power of two", capacity);
        requireRange("maxMessageLength", maxMessageLength, 1, capacity / MAX_MESSAGE_FRACTION);
        requireRange("maxSubscribers", maxSubscribers, 1, SlotLayout.SLOT_COUNT);
        require(
                initialPosition >= 0 && initialPosition % RecordLayout.ALIGNMENT == 0,
                "initialPosition must be a multiple of " + RecordLayout.ALIGNMENT + " and not negative",
                initialPosition);
        requireRange("history", history, 1, capacity / RecordLayout.ALIGNMENT);
    }

    /** Length in bytes of the ring's file. */
    public long fileLength() {
        return RingLayout.fileLength(capacity);
    }

    /** The header page of a ring that nothing was written to. */
    public ByteBuffer write() {
        ByteBuffer page = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(MAGIC_OFFSET, MAGIC);
        page.putShort(MAJOR_OFFSET, (short) MAJOR);
        page.putShort(MINOR_OFFSET, (short) MINOR);
        page.putInt(HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        page.putLong(FILE_LENGTH_OFFSET, fileLength());
        page.putInt(CAPACITY_OFFSET, capacity);
        page.putInt(RECORD_ALIGNMENT_OFFSET, RecordLayout.ALIGNMENT);
        page.putInt(MAX_MESSAGE_LENGTH_OFFSET, maxMessageLength);
        page.putInt(FLAGS_OFFSET, (timestamps ? FLAG_TIMESTAMPS : 0) | number(overflow) << FLAG_OVERFLOW_SHIFT);
        page.putInt(HISTORY_OFFSET, history);
        page.putLong(EPOCH_OFFSET, epoch);
        page.putLong(SESSION_KEY_OFFSET, sessionKey);
        page.putLong(NODE_HIGH_OFFSET, node.getMostSignificantBits());
        page.putLong(NODE_LOW_OFFSET, node.getLeastSignificantBits());
        page.putLong(BOOT_HIGH_OFFSET, bootId.getMostSignificantBits());
        page.putLong(BOOT_LOW_OFFSET, bootId.getLeastSignificantBits());
        page.putLong(INITIAL_POSITION_OFFSET, initialPosition);
        page.putInt(NODE_ROW_OFFSET, nodeRow);
        page.putInt(MAX_SUBSCRIBERS_OFFSET, maxSubscribers);
        page.putLong(PUBLICATION_ID_OFFSET, publicationId);
        page.putInt(BYTE_ORDER_MARK_OFFSET, BYTE_ORDER_MARK);
        putText(page, NAME_LENGTH_OFFSET, NAME_OFFSET, name);
        putText(page, TYPE_ID_LENGTH_OFFSET, TYPE_ID_OFFSET, typeId);
        page.putInt(CRC_OFFSET, checksum(page));
        page.putLong(TAIL_OFFSET, initialPosition);
        page.putLong(LATEST_OFFSET, NONE);
        page.putLong(TAIL_INTENT_OFFSET, initialPosition);
        page.putLong(RETAINED_OFFSET, initialPosition);
        page.putLong(FINAL_POSITION_OFFSET, OPEN);
        return page;
    }

    /**
     * Reads a header page.
     *
     * @param page copy of the first bytes of the file, little-endian
     * @param length of the file
     * @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if it is no ring or one this version cannot read
     * @throws CorruptRingException if it is a ring whose header contradicts itself or the file
     */
    static RingHeader parse(ByteBuffer page, long length, Path path) {
        requireReadable(page, path);
        requireSound(page.getInt(CRC_OFFSET) == checksum(page), path, "its checksum does not match its header");
        requireSound(
                page.getInt(HEADER_LENGTH_OFFSET) == HEADER_LENGTH, path, "header length", page, HEADER_LENGTH_OFFSET);
        requireSound(
                page.getInt(RECORD_ALIGNMENT_OFFSET) == RecordLayout.ALIGNMENT,
                path,
                "record alignment",
                page,
                RECORD_ALIGNMENT_OFFSET);
        RingHeader header;
        try {
            header = read(page);
        } catch (IllegalArgumentException e) {
            throw corrupt(path, String.valueOf(e.getMessage()));
        }
        long stated = page.getLong(FILE_LENGTH_OFFSET);
        requireSound(
                stated == header.fileLength() && stated == length,
                path,
                "the file has " + length + " bytes, its header says " + stated + " and " + header.capacity()
                        + " of capacity");
        return header;
    }

    private static void requireReadable(ByteBuffer page, Path path) {
        SegmentStart.requireMagic(page, MAGIC, path);
        requireSound(page.limit() >= HEADER_LENGTH, path, "the file ends after " + page.limit() + " bytes");
        int mark = page.getInt(BYTE_ORDER_MARK_OFFSET);
        if (mark == Integer.reverseBytes(BYTE_ORDER_MARK)) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " is big-endian (byte order mark 0x" + HexFormat.of().toHexDigits(mark)
                            + ") and this library little-endian (0x"
                            + HexFormat.of().toHexDigits(BYTE_ORDER_MARK) + "); remove it");
        }
        SegmentStart.requireMajor(page, MAJOR, path);
        requireSound(mark == BYTE_ORDER_MARK, path, "byte order mark", page, BYTE_ORDER_MARK_OFFSET);
    }

    private static RingHeader read(ByteBuffer page) {
        return new RingHeader(
                text(page, "name", NAME_LENGTH_OFFSET, NAME_OFFSET),
                text(page, "typeId", TYPE_ID_LENGTH_OFFSET, TYPE_ID_OFFSET),
                page.getLong(PUBLICATION_ID_OFFSET),
                page.getLong(EPOCH_OFFSET),
                page.getLong(SESSION_KEY_OFFSET),
                new UUID(page.getLong(NODE_HIGH_OFFSET), page.getLong(NODE_LOW_OFFSET)),
                page.getInt(NODE_ROW_OFFSET),
                new UUID(page.getLong(BOOT_HIGH_OFFSET), page.getLong(BOOT_LOW_OFFSET)),
                page.getInt(CAPACITY_OFFSET),
                page.getInt(MAX_MESSAGE_LENGTH_OFFSET),
                page.getInt(MAX_SUBSCRIBERS_OFFSET),
                (page.getInt(FLAGS_OFFSET) & FLAG_TIMESTAMPS) != 0,
                page.getLong(INITIAL_POSITION_OFFSET),
                overflow(page.getInt(FLAGS_OFFSET) >>> FLAG_OVERFLOW_SHIFT & 0xFF),
                page.getInt(HISTORY_OFFSET));
    }

    private static int number(Overflow.Kind overflow) {
        return switch (overflow) {
            case WAIT -> 0;
            case FAIL -> 1;
            case OVERWRITE_OLDEST -> 2;
            case EVICT_SLOW -> 3;
        };
    }

    private static Overflow.Kind overflow(int number) {
        return switch (number) {
            case 0 -> Overflow.Kind.WAIT;
            case 1 -> Overflow.Kind.FAIL;
            case 2 -> Overflow.Kind.OVERWRITE_OLDEST;
            case 3 -> Overflow.Kind.EVICT_SLOW;
            default -> throw new IllegalArgumentException("overflow must be 0 to 3: " + number);
        };
    }

    private static int checksum(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.array(), page.arrayOffset(), CRC_FIRST_END);
        crc.update(page.array(), page.arrayOffset() + CRC_SECOND_START, CRC_SECOND_END - CRC_SECOND_START);
        return (int) crc.getValue();
    }

    private static void putText(ByteBuffer page, int lengthOffset, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        page.putInt(lengthOffset, bytes.length);
        page.put(offset, bytes);
    }

    private static String text(ByteBuffer page, String what, int lengthOffset, int offset) {
        int length = page.getInt(lengthOffset);
        requireText(what, length);
        byte[] bytes = new byte[length];
        page.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void requireText(String what, int length) {
        require(length >= 1 && length <= MAX_TEXT_BYTES, what + " must be 1 to " + MAX_TEXT_BYTES + " bytes", length);
    }

    private static void requireRange(String what, int value, int min, int max) {
        require(value >= min && value <= max, what + " must be " + min + " to " + max, value);
    }

    private static void require(boolean fits, String rule, long value) {
        if (!fits) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }

    private static void requireSound(boolean sound, Path path, String field, ByteBuffer page, int offset) {
        requireSound(sound, path, field + " is " + page.getInt(offset));
    }

    private static void requireSound(boolean sound, Path path, String found) {
        if (!sound) {
            throw corrupt(path, found);
        }
    }

    static CorruptRingException corrupt(Path path, String found) {
        return new CorruptRingException(
                "ring " + path + " is damaged: " + found + "; keep the file for a report and remove it");
    }
}
