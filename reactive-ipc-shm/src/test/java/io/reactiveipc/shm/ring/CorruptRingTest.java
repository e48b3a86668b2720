package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no publisher writes: {@link CorruptRingException}, and nothing else. */
@Timeout(60)
class CorruptRingTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, CAPACITY / 8 + 1, Integer.MAX_VALUE, Integer.MAX_VALUE - 23})
    void aLengthOutOfRangeIsCorrupt(int length) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putInt(TestRing.offset(0) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("test-1")
                .hasMessageContaining("" + length);
    }

    @Test
    void aLengthBeyondTheRingsEndIsCorrupt() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        ring.offer(40, 1);
        ring.ring.putInt(TestRing.offset(CAPACITY - 64) + RecordLayout.LENGTH_OFFSET, 41);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, RecordLayout.FRAG, RecordLayout.POOLREF, 6, 255, -1, Short.MIN_VALUE})
    void anUnknownTypeIsCorrupt(short type) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putShort(TestRing.offset(0) + RecordLayout.TYPE_OFFSET, type);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @Test
    void flagsThatTheStreamDoesNotHaveAreCorrupt() {
        for (boolean timestamps : new boolean[] {false, true}) {
            for (int flags : new int[] {0, 1, 2, 3, 0x8000, 0xFFFF}) {
                TestRing ring = new TestRing(0, 4, timestamps);
                RingReader reader = ring.join(true);
                ring.offer(100, 1);
                ring.ring.putShort(TestRing.offset(0) + RecordLayout.FLAGS_OFFSET, (short) flags);
                if (flags == (timestamps ? RecordLayout.FLAG_TIMESTAMP : 0)) {
                    assertThat(reader.poll()).isNotNegative();
                } else {
                    assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void aSequenceThatIsNotDueIsCorrupt(long sequence) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.offer(8, 2);
        ring.ring.putLong(TestRing.offset(32) + RecordLayout.SEQUENCE_OFFSET, sequence);
        ring.take(reader, 8, 1, 0);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-24, 0, 7, 9, 40, Integer.MAX_VALUE})
    void paddingThatDoesNotReachTheEndIsCorrupt(int length) {
        TestRing ring = new TestRing(CAPACITY - 32);
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putInt(TestRing.offset(CAPACITY - 32) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, RingWriter.END_RESERVE + 1, Integer.MAX_VALUE})
    void anEndOfImpossibleLengthIsCorrupt(int length) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.ring.putInt(TestRing.offset(0) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @Test
    void anEndBehindWhichMessagesStandIsCorrupt() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.offer(8, 2);
        ring.ring.putShort(TestRing.offset(0) + RecordLayout.TYPE_OFFSET, (short) RecordLayout.EOS);
        assertThatThrownBy(reader::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("an end record although the publisher's tail is at 64");
    }

    @Test
    void aWrongStampHidesTheRecordUntilTheTailGivesItAway() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.ring.putLong(TestRing.stampOffset(0), 12345);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        assertThatThrownBy(() -> TestRing.pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 228, CAPACITY - 31, Long.MIN_VALUE, -32, 32})
    void whoJoinsAtATailThatIsNoneIsRefusedAndLeavesItsSlot(long tail) {
        TestRing ring = new TestRing(2 * CAPACITY);
        ring.ring.putLong(RingLayout.TAIL_OFFSET, tail);
        assertThatThrownBy(() -> ring.join(false))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("tail is at " + tail);
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @Test
    void aRingThatBecameZerosIsCorruptAndNotWaitedFor() {
        for (int messages : new int[] {0, 1, 5}) {
            TestRing ring = new TestRing();
            RingReader reader = ring.join(true);
            for (int i = 0; i < messages; i++) {
                ring.offer(8, i);
            }
            ring.ring.setMemory(0, ring.ring.capacity(), (byte) 0);
            assertThatThrownBy(() -> TestRing.pollThroughAudit(reader))
                    .isInstanceOf(CorruptRingException.class)
                    .hasMessageContaining("header was overwritten");
        }
    }

    @Test
    void noBytesMakeAReaderFailOtherwiseThanByCorruptRingException() {
        SplittableRandom random = new SplittableRandom(20_260_807);
        int corrupt = 0;
        int read = 0;
        for (int round = 0; round < 2000; round++) {
            TestRing ring = new TestRing(round % 7 == 0 ? CAPACITY - 512 : 0, 4, round % 2 == 0);
            RingReader reader = ring.join(true);
            for (int i = 0; i < 60; i++) {
                ring.offer(random.nextInt(120), i);
            }
            if (round % 3 == 0) {
                ring.writer.end(new EndOfStream(EndOfStream.Kind.ERROR, "type", "message"));
            }
            for (int mutation = 0; mutation < 100; mutation++) {
                mutate(ring, random);
                int outcome;
                int steps = 0;
                try {
                    do {
                        outcome = reader.poll();
                        if (outcome >= 0) {
                            assertThat(reader.length()).isBetween(0, CAPACITY / 8);
                            ring.ring.boundsCheck(outcome, reader.length());
                            reader.advance();
                            reader.release(reader.position());
                            read++;
                        }
                    } while (outcome >= 0 && ++steps < 10_000);
                    assertThat(steps).isLessThan(10_000);
                } catch (CorruptRingException e) {
                    corrupt++;
                    reader.close();
                    reader = ring.join(true);
                }
            }
        }
        assertThat(corrupt).isGreaterThan(1000);
        assertThat(read).isGreaterThan(10_000);
    }

    private static void mutate(TestRing ring, SplittableRandom random) {
        int record = TestRing.offset(ring.geometry.initialPosition() + random.nextInt(200) * 32L);
        switch (random.nextInt(8)) {
            case 0 -> ring.ring.putInt(record, random.nextInt());
            case 1 -> ring.ring.putInt(record, random.nextInt(-2, CAPACITY / 4));
            case 2 -> ring.ring.putShort(record + RecordLayout.TYPE_OFFSET, (short) random.nextInt(8));
            case 3 -> ring.ring.putShort(record + RecordLayout.FLAGS_OFFSET, (short) random.nextInt(4));
            case 4 -> ring.ring.putLong(record + RecordLayout.SEQUENCE_OFFSET, random.nextInt(80));
            case 5 -> {
                long position = ring.geometry.initialPosition() + random.nextInt(200) * 32L;
                ring.ring.putLong(TestRing.stampOffset(position), position ^ TestRing.KEY);
            }
            case 6 -> ring.ring.putByte(RingLayout.HEADER_LENGTH + random.nextInt(CAPACITY), (byte) random.nextInt());
            default ->
                ring.ring.putLong(
                        random.nextBoolean() ? RingLayout.TAIL_OFFSET : RingLayout.FINAL_POSITION_OFFSET,
                        random.nextInt(CAPACITY) / 32 * 32L);
        }
    }
}
