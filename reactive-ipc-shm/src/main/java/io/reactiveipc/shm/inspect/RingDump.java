package io.reactiveipc.shm.inspect;

import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.SlotFile;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** One ring with its slots, as they stand. What cannot be is marked {@code IMPOSSIBLE}. Payloads are not shown. */
final class RingDump {
    private static final int RECORDS = 8;

    /** Bytes before the tail in which records are looked for. */
    private static final int WINDOW = 1 << 20;

    private final Path path;
    private final NodeDump nodes;
    private final StringBuilder out;

    RingDump(Path path, NodeDump nodes, StringBuilder out) {
        this.path = path;
        this.nodes = nodes;
        this.out = out;
    }

    void write() {
        out.append("ring ").append(path).append('\n');
        try (FileCopy file = FileCopy.open(path)) {
            line("length " + file.length() + " bytes");
            RingHeader header;
            try {
                header = RingFile.headerOf(path);
            } catch (IpcException e) {
                line("REFUSED: " + Printable.of(String.valueOf(e.getMessage())));
                line("starts with " + FileCopy.hex(file.read(0, 128)));
                return;
            }
            if (header == null) {
                line("it went just now");
                return;
            }
            write(file, header);
        } catch (IOException e) {
            line("cannot be read: " + e);
        }
    }

    private void write(FileCopy file, RingHeader header) throws IOException {
        ByteBuffer page = file.read(0, RingLayout.HEADER_LENGTH);
        line("stream \"" + Printable.of(header.name()) + "\" of type \"" + Printable.of(header.typeId()) + "\", layout "
                + page.getShort(RingLayout.MAJOR_OFFSET) + "." + page.getShort(RingLayout.MINOR_OFFSET));
        line("publication " + Long.toHexString(header.publicationId()) + ", epoch " + header.epoch() + ", by node "
                + header.node() + " in row " + header.nodeRow() + ": "
                + nodes.describe(header.nodeRow(), header.node()));
        line("capacity " + header.capacity() + " bytes, messages up to " + header.maxMessageLength()
                + ", subscribers up to " + header.maxSubscribers() + (header.timestamps() ? ", timestamps" : "")
                + ", boot " + header.bootId());
        long tail = page.getLong(RingLayout.TAIL_OFFSET);
        long end = page.getLong(RingLayout.FINAL_POSITION_OFFSET);
        line("initial position " + header.initialPosition() + ", tail " + tail + impossibleTail(tail, header) + ", "
                + (end == RingLayout.OPEN
                        ? "open"
                        : "ended at " + end + (end == tail ? "" : " IMPOSSIBLE: not the tail")));
        long waiting = page.getLong(RingLayout.WAITING_OFFSET);
        line(
                waiting == 0
                        ? "the publisher never waited for room"
                        : "the publisher waited for room or subscribers " + (waiting >>> Byte.SIZE) + " times");
        writeSlots(header, tail);
        writeRecords(file, header, tail);
    }

    private static String impossibleTail(long tail, RingHeader header) {
        return tail < header.initialPosition()
                ? " IMPOSSIBLE: before the initial position"
                : tail % RecordLayout.ALIGNMENT != 0 ? " IMPOSSIBLE: inside a record" : "";
    }

    // ---- slots ------------------------------------------------------------------------------------------------------

    private void writeSlots(RingHeader header, long tail) {
        Path slots = StreamDirectory.slotsOf(path);
        if (!SlotFile.isSlotTable(slots)) {
            line("IMPOSSIBLE: " + slots.getFileName() + " is missing, or no slot table");
            return;
        }
        try (FileCopy file = FileCopy.open(slots)) {
            ByteBuffer table = file.read(0, SlotLayout.FILE_LENGTH);
            if (table.getLong(SlotLayout.SESSION_KEY_OFFSET) != header.sessionKey()) {
                line("IMPOSSIBLE: the slot table is of another session");
            }
            int taken = 0;
            for (int slot = 0; slot < header.maxSubscribers(); slot++) {
                long word = table.getLong(SlotLayout.wordOffset(slot));
                if (SlotLayout.state(word) != SlotLayout.FREE) {
                    taken++;
                    writeSlot(slot, word, table, header, tail);
                }
            }
            line(taken + " of " + header.maxSubscribers() + " slots taken");
            writeGroups(table, header, tail);
        } catch (IOException e) {
            line("slots cannot be read: " + e);
        }
    }

    private void writeSlot(int slot, long word, ByteBuffer table, RingHeader header, long tail) {
        int armed = table.getInt(SlotLayout.armedOffset(slot));
        line("slot " + slot + "  " + state(SlotLayout.state(word)) + ", generation "
                + Integer.toUnsignedString(SlotLayout.generation(word))
                + holds(slot, word, table, header, tail)
                + (armed == 0 ? "" : ", asleep in loop " + (armed - 1))
                + ", row " + SlotLayout.nodeRow(word) + ": " + nodes.describe(SlotLayout.nodeRow(word)));
    }

    private static String holds(int slot, long word, ByteBuffer table, RingHeader header, long tail) {
        return switch (SlotLayout.state(word)) {
            case SlotLayout.OBSERVING -> "";
            case SlotLayout.MEMBER, SlotLayout.LEAVING, SlotLayout.RETURNED ->
                ", of group " + SlotLayout.group(word) + entries(slot, table, header, tail);
            default -> cursor(table.getLong(SlotLayout.cursorOffset(slot)), tail, header);
        };
    }

    private static String entries(int slot, ByteBuffer table, RingHeader header, long tail) {
        StringBuilder entries = new StringBuilder();
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            long word = table.getLong(SlotLayout.entryOffset(slot, entry));
            if (word != 0) {
                long position = GroupLayout.entryPosition(word);
                entries.append(GroupLayout.isHeld(word) ? ", holds the message at " : ", tries to claim the one at ")
                        .append(position)
                        .append(GroupLayout.isOnce(word) ? " at most once" : "")
                        .append(GroupLayout.isHeld(word) ? impossibleCursor(position, tail, header) : "");
            }
        }
        return entries.isEmpty() ? ", holds nothing" : entries.toString();
    }

    /** A group without living members holds its publisher back until somebody joins: then this is what one looks for. */
    private void writeGroups(ByteBuffer table, RingHeader header, long tail) {
        for (int group = 0;
                group < GroupLayout.GROUP_COUNT && table.getLong(GroupLayout.keyOffset(group)) != 0;
                group++) {
            long claim = table.getLong(GroupLayout.claimOffset(group));
            long next = GroupLayout.position(claim);
            line("queue group " + group + "  "
                    + (GroupLayout.isAlive(claim)
                            ? "alive, next message at " + next + ", " + (tail - next) + " behind the tail"
                                    + impossibleCursor(next, tail, header)
                            : "ended at " + next)
                    + ", last operation " + operation(GroupLayout.operation(claim)) + " by slot "
                    + GroupLayout.slot(claim));
        }
    }

    private static String operation(int operation) {
        return switch (operation) {
            case GroupLayout.NONE -> "none";
            case GroupLayout.JOIN -> "join";
            case GroupLayout.LEAVE -> "leave";
            case GroupLayout.END -> "end";
            default ->
                GroupLayout.entry(operation) >= 0
                        ? "claim into entry " + GroupLayout.entry(operation)
                        : "IMPOSSIBLE: " + operation;
        };
    }

    private static String cursor(long cursor, long tail, RingHeader header) {
        return ", cursor " + cursor + ", " + (tail - cursor) + " behind the tail"
                + (header.overflow() == Overflow.Kind.OVERWRITE_OLDEST ? "" : impossibleCursor(cursor, tail, header));
    }

    private static String state(int state) {
        return switch (state) {
            case SlotLayout.JOINING -> "JOINING";
            case SlotLayout.ACTIVE -> "ACTIVE";
            case SlotLayout.EVICTED -> "EVICTED";
            case SlotLayout.OBSERVING -> "OBSERVING";
            case SlotLayout.ENTERING -> "ENTERING";
            case SlotLayout.MEMBER -> "MEMBER";
            case SlotLayout.LEAVING -> "LEAVING";
            case SlotLayout.RETURNED -> "RETURNED";
            default -> "IMPOSSIBLE: state " + state;
        };
    }

    private static String impossibleCursor(long cursor, long tail, RingHeader header) {
        return cursor % RecordLayout.ALIGNMENT != 0
                ? " IMPOSSIBLE: inside a record"
                : cursor > tail
                        ? " IMPOSSIBLE unless the tail moved on just now"
                        : cursor < Math.max(header.initialPosition(), tail - header.capacity())
                                ? " IMPOSSIBLE: those bytes are overwritten"
                                : "";
    }

    // ---- records ----------------------------------------------------------------------------------------------------

    private void writeRecords(FileCopy file, RingHeader header, long tail) throws IOException {
        if (!impossibleTail(tail, header).isEmpty()) {
            return;
        }
        Deque<String> last = new ArrayDeque<>();
        long first = Math.max(header.initialPosition(), tail - Math.min(header.capacity(), WINDOW));
        for (long p = tail - RecordLayout.ALIGNMENT; p >= first && last.size() < RECORDS; p -= RecordLayout.ALIGNMENT) {
            ByteBuffer head = head(file, header, p);
            if (isStamped(head, header, p)) {
                last.addFirst(describe(file, header, p, head));
            }
        }
        line(last.isEmpty() ? "no record stands before the tail" : "last records");
        last.forEach(this::line);
        writeBehind(file, header, tail);
    }

    /** What was committed and is not in the tail yet, as after a death between the two. */
    private void writeBehind(FileCopy file, RingHeader header, long tail) throws IOException {
        long p = tail;
        for (int i = 0; i < RECORDS; i++) {
            ByteBuffer head = head(file, header, p);
            if (!isStamped(head, header, p)) {
                line("nothing committed at " + p);
                return;
            }
            line("behind the tail: " + describe(file, header, p, head));
            int length = head.getInt(RecordLayout.LENGTH_OFFSET);
            if (length < 0 || length > header.capacity()) {
                return;
            }
            p += RecordLayout.recordLength(length, isTimestamped(head));
        }
    }

    private static ByteBuffer head(FileCopy file, RingHeader header, long position) throws IOException {
        return file.read(RingLayout.offset(position, header.capacity()), RecordLayout.HEADER_LENGTH);
    }

    private static boolean isStamped(ByteBuffer head, RingHeader header, long position) {
        return head.getLong(RecordLayout.STAMP_OFFSET) == (position ^ header.sessionKey());
    }

    private static boolean isTimestamped(ByteBuffer head) {
        return (head.getShort(RecordLayout.FLAGS_OFFSET) & RecordLayout.FLAG_TIMESTAMP) != 0;
    }

    private static String describe(FileCopy file, RingHeader header, long position, ByteBuffer head)
            throws IOException {
        int type = head.getShort(RecordLayout.TYPE_OFFSET) & 0xFFFF;
        int length = head.getInt(RecordLayout.LENGTH_OFFSET);
        long sequence = head.getLong(RecordLayout.SEQUENCE_OFFSET);
        int room = header.capacity() - (int) (position & (header.capacity() - 1));
        String text = "  " + position + "  ";
        if (length < 0 || length > room - RecordLayout.HEADER_LENGTH) {
            return text + "IMPOSSIBLE: length " + length + ": " + FileCopy.hex(head);
        }
        return switch (type) {
            case RecordLayout.DATA ->
                text + "message " + sequence + ", " + length + " bytes"
                        + (length > header.maxMessageLength() ? " IMPOSSIBLE: too long" : "");
            case RecordLayout.PAD -> text + "padding, " + length + " bytes";
            case RecordLayout.EOS -> text + "end: " + end(file, header, position, length);
            default -> text + "IMPOSSIBLE: type " + type + ": " + FileCopy.hex(head);
        };
    }

    private static String end(FileCopy file, RingHeader header, long position, int length) throws IOException {
        if (length == 0) {
            return "completed";
        }
        int offset = RingLayout.offset(position, header.capacity()) + RecordLayout.PAYLOAD_OFFSET;
        byte[] text = file.read(offset, Math.min(length, 1024)).array();
        return "error " + Printable.of(new String(text, StandardCharsets.UTF_8).replace("\0", ": "));
    }

    private void line(String text) {
        out.append("  ").append(text).append('\n');
    }
}
