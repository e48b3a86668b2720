package io.reactiveipc.shm.layout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The layout as literal numbers: who changes one of them changes the layout version, or breaks running peers. */
@Timeout(30)
class LayoutPinTest {
    @Test
    void ringHeaderIsWhereVersionOneHasIt() {
        assertThat(constants(RingLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("MAGIC", 0x474E495243504952L),
                        Map.entry("MAJOR", 1L),
                        Map.entry("MINOR", 0L),
                        Map.entry("HEADER_LENGTH", 4096L),
                        Map.entry("BYTE_ORDER_MARK", 0x01020304L),
                        Map.entry("FLAG_TIMESTAMPS", 1L),
                        Map.entry("OPEN", -1L),
                        Map.entry("NONE", -1L),
                        Map.entry("FLAG_OVERFLOW_SHIFT", 8L),
                        Map.entry("MIN_CAPACITY", 65_536L),
                        Map.entry("MAX_CAPACITY", 1_073_741_824L),
                        Map.entry("MAX_MESSAGE_FRACTION", 8L),
                        Map.entry("MAX_TEXT_BYTES", 255L),
                        Map.entry("MAGIC_OFFSET", 0L),
                        Map.entry("MAJOR_OFFSET", 8L),
                        Map.entry("MINOR_OFFSET", 10L),
                        Map.entry("HEADER_LENGTH_OFFSET", 12L),
                        Map.entry("FILE_LENGTH_OFFSET", 16L),
                        Map.entry("CAPACITY_OFFSET", 24L),
                        Map.entry("RECORD_ALIGNMENT_OFFSET", 28L),
                        Map.entry("MAX_MESSAGE_LENGTH_OFFSET", 32L),
                        Map.entry("FLAGS_OFFSET", 36L),
                        Map.entry("EPOCH_OFFSET", 40L),
                        Map.entry("SESSION_KEY_OFFSET", 48L),
                        Map.entry("NODE_HIGH_OFFSET", 56L),
                        Map.entry("NODE_LOW_OFFSET", 64L),
                        Map.entry("BOOT_HIGH_OFFSET", 72L),
                        Map.entry("BOOT_LOW_OFFSET", 80L),
                        Map.entry("INITIAL_POSITION_OFFSET", 88L),
                        Map.entry("NODE_ROW_OFFSET", 96L),
                        Map.entry("MAX_SUBSCRIBERS_OFFSET", 100L),
                        Map.entry("PUBLICATION_ID_OFFSET", 104L),
                        Map.entry("BYTE_ORDER_MARK_OFFSET", 112L),
                        Map.entry("HISTORY_OFFSET", 116L),
                        Map.entry("CRC_OFFSET", 120L),
                        Map.entry("TAIL_OFFSET", 128L),
                        Map.entry("LATEST_OFFSET", 136L),
                        Map.entry("RETAINED_OFFSET", 144L),
                        Map.entry("TAIL_INTENT_OFFSET", 256L),
                        Map.entry("FINAL_POSITION_OFFSET", 384L),
                        Map.entry("WAITING_OFFSET", 2176L),
                        Map.entry("NAME_LENGTH_OFFSET", 512L),
                        Map.entry("NAME_OFFSET", 516L),
                        Map.entry("TYPE_ID_LENGTH_OFFSET", 1024L),
                        Map.entry("TYPE_ID_OFFSET", 1028L),
                        Map.entry("CRC_FIRST_END", 120L),
                        Map.entry("CRC_SECOND_START", 512L),
                        Map.entry("CRC_SECOND_END", 2048L)));
        assertThat(RingLayout.fileLength(65_536)).isEqualTo(69_632L);
        assertThat(RingLayout.fileLength(1_073_741_824)).isEqualTo(1_073_745_920L);
        assertThat(RingLayout.offset(65_536 * 3L + 64, 65_536)).isEqualTo(4160);
    }

    @Test
    void recordIsWhereVersionOneHasIt() {
        assertThat(constants(RecordLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("ALIGNMENT", 32L),
                        Map.entry("HEADER_LENGTH", 24L),
                        Map.entry("TIMESTAMP_LENGTH", 8L),
                        Map.entry("LENGTH_OFFSET", 0L),
                        Map.entry("TYPE_OFFSET", 4L),
                        Map.entry("FLAGS_OFFSET", 6L),
                        Map.entry("STAMP_OFFSET", 8L),
                        Map.entry("SEQUENCE_OFFSET", 16L),
                        Map.entry("PAYLOAD_OFFSET", 24L),
                        Map.entry("TIMESTAMP_OFFSET", 24L),
                        Map.entry("TIMESTAMPED_PAYLOAD_OFFSET", 32L),
                        Map.entry("FLAG_TIMESTAMP", 1L),
                        Map.entry("DATA", 1L),
                        Map.entry("PAD", 2L),
                        Map.entry("FRAG", 3L),
                        Map.entry("POOLREF", 4L),
                        Map.entry("EOS", 5L)));
        assertThat(RecordLayout.align(0)).isZero();
        assertThat(RecordLayout.align(1)).isEqualTo(32);
        assertThat(RecordLayout.align(32)).isEqualTo(32);
        assertThat(RecordLayout.align(33)).isEqualTo(64);
        assertThat(RecordLayout.recordLength(8, false)).isEqualTo(32);
        assertThat(RecordLayout.recordLength(9, false)).isEqualTo(64);
        assertThat(RecordLayout.recordLength(0, true)).isEqualTo(32);
        assertThat(RecordLayout.recordLength(1, true)).isEqualTo(64);
    }

    @Test
    void slotTableIsWhereVersionOneHasIt() {
        assertThat(constants(SlotLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("MAGIC", 0x5342555343504952L),
                        Map.entry("MAJOR", 1L),
                        Map.entry("MINOR", 0L),
                        Map.entry("HEADER_LENGTH", 4096L),
                        Map.entry("SLOT_COUNT", 64L),
                        Map.entry("SLOT_LENGTH", 256L),
                        Map.entry("FILE_LENGTH", 20_480L),
                        Map.entry("MAGIC_OFFSET", 0L),
                        Map.entry("MAJOR_OFFSET", 8L),
                        Map.entry("MINOR_OFFSET", 10L),
                        Map.entry("SLOT_COUNT_OFFSET", 12L),
                        Map.entry("SESSION_KEY_OFFSET", 16L),
                        Map.entry("SLEEPERS_OFFSET", 128L),
                        Map.entry("ARMED_OFFSET", 64L),
                        Map.entry("CURSOR_OFFSET", 128L),
                        Map.entry("ENTRIES_OFFSET", 192L),
                        Map.entry("ENTRY_COUNT", 8L),
                        Map.entry("FREE", 0L),
                        Map.entry("JOINING", 1L),
                        Map.entry("ACTIVE", 2L),
                        Map.entry("EVICTED", 3L),
                        Map.entry("OBSERVING", 4L),
                        Map.entry("ENTERING", 5L),
                        Map.entry("MEMBER", 6L),
                        Map.entry("LEAVING", 7L),
                        Map.entry("RETURNED", 8L),
                        Map.entry("MAX_NODE_ROW", 0xFFFFFFL)));
        assertThat(SlotLayout.wordOffset(0)).isEqualTo(4096);
        assertThat(SlotLayout.armedOffset(0)).isEqualTo(4160);
        assertThat(SlotLayout.cursorOffset(0)).isEqualTo(4224);
        assertThat(SlotLayout.wordOffset(63)).isEqualTo(20_224);
        assertThat(SlotLayout.cursorOffset(63)).isEqualTo(20_352);
        assertThat(SlotLayout.entryOffset(0, 0)).isEqualTo(4288);
        assertThat(SlotLayout.entryOffset(63, 7)).isEqualTo(20_472);
    }

    @Test
    void queueGroupsAreWhereVersionOneHasThem() {
        assertThat(constants(GroupLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("GROUP_COUNT", 16L),
                        Map.entry("GROUPS_OFFSET", 1024L),
                        Map.entry("GROUP_LENGTH", 128L),
                        Map.entry("CLAIM_OFFSET", 8L),
                        Map.entry("RETURNED_OFFSET", 16L),
                        Map.entry("NONE", 0L),
                        Map.entry("JOIN", 1L),
                        Map.entry("LEAVE", 2L),
                        Map.entry("END", 3L),
                        Map.entry("ENTRY", 8L),
                        Map.entry("OPERATION_SHIFT", 6L),
                        Map.entry("CHANGES_SHIFT", 10L),
                        Map.entry("POSITION_SHIFT", 17L),
                        Map.entry("ALIGNMENT_SHIFT", 5L),
                        Map.entry("MAX_POSITION", (1L << 52) - 32),
                        Map.entry("TENTATIVE", 1L),
                        Map.entry("HELD", 2L),
                        Map.entry("ONCE", 4L),
                        Map.entry("FLAGS", 31L)));
        assertThat(GroupLayout.keyOffset(0)).isEqualTo(1024);
        assertThat(GroupLayout.claimOffset(15)).isEqualTo(2952);
        assertThat(GroupLayout.returnedOffset(15)).isEqualTo(2960);
    }

    @Test
    void claimWordsAndEntriesKeepTheirParts() {
        long position = (1L << 52) - 32;
        long joined = GroupLayout.next(-1, position, GroupLayout.JOIN, 63); // the count begins anew
        assertThat(joined).isEqualTo(0xFFFF_FFFF_FFFE_007FL);
        long claim = GroupLayout.next(
                GroupLayout.next(joined, 0, GroupLayout.LEAVE, 1), position, GroupLayout.claimInto(5), 63);
        assertThat(claim).isEqualTo(0xFFFF_FFFF_FFFE_077FL);
        assertThat(GroupLayout.position(claim)).isEqualTo(position);
        assertThat(GroupLayout.slot(claim)).isEqualTo(63);
        assertThat(GroupLayout.entry(GroupLayout.operation(claim))).isEqualTo(5);
        assertThat(GroupLayout.entry(GroupLayout.LEAVE)).isNegative();
        assertThat(GroupLayout.isAlive(0)).isFalse();
        assertThat(GroupLayout.isAlive(GroupLayout.next(0, 0, GroupLayout.JOIN, 0)))
                .isTrue();
        assertThat(GroupLayout.isAlive(GroupLayout.next(0, 64, GroupLayout.END, 1)))
                .isFalse();
        assertThat(GroupLayout.held(64 | GroupLayout.TENTATIVE | GroupLayout.ONCE))
                .isEqualTo(64 | GroupLayout.HELD | GroupLayout.ONCE);
        assertThat(GroupLayout.entryPosition(64 | GroupLayout.HELD | GroupLayout.ONCE))
                .isEqualTo(64);
    }

    @Test
    void slotWordsKeepTheirOwnerAndGroup() {
        long word = SlotLayout.inGroup(SlotLayout.word(7, 0x1FE, SlotLayout.ACTIVE), 15, SlotLayout.ENTERING);
        assertThat(word).isEqualTo(0x7_0001_FEF5L);
        assertThat(SlotLayout.withState(word, SlotLayout.MEMBER)).isEqualTo(0x7_0001_FEF6L);
        assertThat(SlotLayout.group(word)).isEqualTo(15);
        assertThat(SlotLayout.isIn(word, 15)).isFalse();
        assertThat(SlotLayout.isIn(SlotLayout.withState(word, SlotLayout.RETURNED), 15))
                .isTrue();
        assertThat(SlotLayout.ownedBy(SlotLayout.withState(word, SlotLayout.MEMBER), 3))
                .isEqualTo(0x8_0000_03F6L);
        assertThat(SlotLayout.freed(word)).isEqualTo(0x8_0000_0000L);
    }

    @Test
    void signalIsWhereVersionOneHasIt() {
        assertThat(constants(SignalLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("MAGIC", 0x4E47495343504952L),
                        Map.entry("MAJOR", 1L),
                        Map.entry("MINOR", 0L),
                        Map.entry("MAX_NAME_BYTES", 255L),
                        Map.entry("FILE_LENGTH", 20_480L),
                        Map.entry("MAGIC_OFFSET", 0L),
                        Map.entry("MAJOR_OFFSET", 8L),
                        Map.entry("MINOR_OFFSET", 10L),
                        Map.entry("SLOT_COUNT_OFFSET", 12L),
                        Map.entry("SLEEPERS_OFFSET", 128L),
                        Map.entry("COUNT_OFFSET", 256L),
                        Map.entry("NAME_LENGTH_OFFSET", 512L),
                        Map.entry("NAME_OFFSET", 516L),
                        Map.entry("USERS_OFFSET", 1024L),
                        Map.entry("USERS_WORDS", 16L)));
        assertThat(SignalLayout.usersOffset(0)).isEqualTo(1024);
        assertThat(SignalLayout.usersOffset(63)).isEqualTo(1024);
        assertThat(SignalLayout.usersOffset(1023)).isEqualTo(1144);
        assertThat(SignalLayout.userBit(0)).isEqualTo(1);
        assertThat(SignalLayout.userBit(63)).isEqualTo(Long.MIN_VALUE);
        assertThat(SignalLayout.userBit(1023)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void slotWordKeepsItsThreeParts() {
        assertThat(SlotLayout.word(0x8000_0001, 0x0003FE, 2)).isEqualTo(0x8000_0001_0003_FE02L);
        assertThat(SlotLayout.generation(0x8000_0001_0003_FE02L)).isEqualTo(0x8000_0001);
        assertThat(SlotLayout.nodeRow(0x8000_0001_FF03_FE02L)).isEqualTo(0xFF03FE);
        assertThat(SlotLayout.state(0x8000_0001_0003_FE02L)).isEqualTo(2);
        assertThat(SlotLayout.word(-1, -1, -1)).isEqualTo(0xFFFF_FFFF_FFFF_FF0FL);
    }

    @Test
    void nodeTableIsWhereVersionOneHasIt() {
        assertThat(constants(NodeLayout.class))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("MAGIC", 0x45444F4E43504952L),
                        Map.entry("MAJOR", 1L),
                        Map.entry("MINOR", 0L),
                        Map.entry("HEADER_LENGTH", 4096L),
                        Map.entry("ROW_COUNT", 1024L),
                        Map.entry("ROW_LENGTH", 128L),
                        Map.entry("FILE_LENGTH", 135_168L),
                        Map.entry("MAGIC_OFFSET", 0L),
                        Map.entry("MAJOR_OFFSET", 8L),
                        Map.entry("MINOR_OFFSET", 10L),
                        Map.entry("ROW_COUNT_OFFSET", 12L),
                        Map.entry("WORD_OFFSET", 0L),
                        Map.entry("UUID_HIGH_OFFSET", 8L),
                        Map.entry("UUID_LOW_OFFSET", 16L),
                        Map.entry("PID_OFFSET", 24L),
                        Map.entry("START_TIME_OFFSET", 32L),
                        Map.entry("BOOT_HIGH_OFFSET", 40L),
                        Map.entry("BOOT_LOW_OFFSET", 48L),
                        Map.entry("HEARTBEAT_OFFSET", 56L),
                        Map.entry("NAME_LENGTH_OFFSET", 64L),
                        Map.entry("NAME_OFFSET", 68L),
                        Map.entry("MAX_NAME_BYTES", 59L),
                        Map.entry("FREE", 0L),
                        Map.entry("LIVE", 1L),
                        Map.entry("REAPING", 2L),
                        Map.entry("TABLE_LOCK", 524_288L),
                        Map.entry("TOPIC_LOCKS", 1_048_576L),
                        Map.entry("TOPIC_LOCK_BITS", 20L)));
        assertThat(NodeLayout.rowOffset(0)).isEqualTo(4096);
        assertThat(NodeLayout.rowOffset(1023)).isEqualTo(135_040);
    }

    @Test
    void nodeWordKeepsItsTwoParts() {
        assertThat(NodeLayout.word(0x8000_0001, 2)).isEqualTo(0x8000_0001_0000_0002L);
        assertThat(NodeLayout.generation(0x8000_0001_0000_0002L)).isEqualTo(0x8000_0001);
        assertThat(NodeLayout.state(0x8000_0001_0000_0002L)).isEqualTo(2);
    }

    @Test
    void magicsReadAsWordsInAHexDump() {
        assertThat(ascii(RingLayout.MAGIC)).isEqualTo("RIPCRING");
        assertThat(ascii(SlotLayout.MAGIC)).isEqualTo("RIPCSUBS");
        assertThat(ascii(SignalLayout.MAGIC)).isEqualTo("RIPCSIGN");
        assertThat(ascii(NodeLayout.MAGIC)).isEqualTo("RIPCNODE");
    }

    private static String ascii(long magic) {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(magic);
        return new String(bytes, US_ASCII);
    }

    private static Map<String, Long> constants(Class<?> layout) {
        Map<String, Long> values = new TreeMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                try {
                    field.setAccessible(true);
                    values.put(field.getName(), ((Number) field.get(null)).longValue());
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return values;
    }
}
