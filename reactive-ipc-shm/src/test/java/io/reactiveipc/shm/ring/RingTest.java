package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Gap;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTest {
    private static final int FULL = (CAPACITY - RingWriter.END_RESERVE) / 32;

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                (1L << 31) - CAPACITY,
                (1L << 32) - 64,
                (1L << 62) - 32 * 1024,
                Long.MAX_VALUE - 8192L * CAPACITY + 1
            })
    void messagesOfEveryLengthPassTheEndOfTheRingAtEveryOffset(long initialPosition) {
        for (boolean timestamps : new boolean[] {false, true}) {
            TestRing ring = new TestRing(initialPosition, 4, timestamps);
            RingReader reader = ring.join(true);
            SplittableRandom random = new SplittableRandom(initialPosition);
            for (int i = 0; i < 20_000; i++) {
                int length = i % 50 == 0 ? CAPACITY / 8 : random.nextInt(200);
                assertThat(ring.offer(length, i)).isTrue();
                ring.take(reader, length, i, i);
                assertThat(reader.timestampNanos() != 0).isEqualTo(timestamps);
                assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
            }
        }
    }

    @Test
    void aMessageThatDoesNotFitBeforeTheEndLeavesPaddingOfAnyLength() {
        for (int room = 32; room < 512; room += 32) {
            TestRing ring = new TestRing(CAPACITY - room);
            RingReader reader = ring.join(true);
            assertThat(ring.offer(600, 1)).isTrue();
            assertThat(ring.writer.position()).isEqualTo(CAPACITY + RecordLayout.recordLength(600, false));
            ring.take(reader, 600, 1, 0);
        }
    }

    @Test
    void aMessageThatFitsExactlyBeforeTheEndNeedsNoPadding() {
        TestRing ring = new TestRing(CAPACITY - 32);
        RingReader reader = ring.join(true);
        assertThat(ring.offer(8, 1)).isTrue();
        assertThat(ring.writer.position()).isEqualTo(CAPACITY);
        ring.take(reader, 8, 1, 0);
    }

    @Test
    void aFullRingRefusesUntilTheSlowestHasPassed() {
        TestRing ring = new TestRing();
        RingReader slow = ring.join(true);
        RingReader quick = ring.join(true);
        for (int i = 0; i < FULL; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(ring.offer(8, 0)).isFalse();
        assertThat(ring.writer.freeBytes()).isZero();
        TestRing.takeEmpty(quick, FULL);
        assertThat(ring.offer(8, 0)).isFalse();
        TestRing.takeEmpty(slow, 3);
        assertThat(ring.writer.freeBytes()).isEqualTo(3 * 32);
        assertThat(ring.writer.room(1, 1)).isEqualTo(3 * 32);
        for (int i = 0; i < 3; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(ring.offer(8, 0)).isFalse();
        assertThat(ring.writer.isDrainedTo(3 * 32)).isTrue();
        assertThat(ring.writer.isDrainedTo(4 * 32)).isFalse();
        slow.close();
        TestRing.takeEmpty(quick, 3);
        assertThat(ring.offer(8, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 480, 992, 1024, 2016})
    void theEndFindsRoomInAFullRingWhereverItIs(int offset) {
        TestRing ring = new TestRing(offset / 32 * 32);
        RingReader reader = ring.join(true);
        int written = 0;
        while (ring.offer(8, 0)) {
            written++;
        }
        ring.writer.end(new EndOfStream(EndOfStream.Kind.ERROR, "T".repeat(3000), "€".repeat(3000)));
        TestRing.takeEmpty(reader, written);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end().kind()).isEqualTo(EndOfStream.Kind.ERROR);
        assertThat(reader.end().errorType()).matches("T{100,}");
        assertThat(reader.end().errorMessage()).startsWith("€€€€");
        assertThat(reader.end().errorMessage()).doesNotContain("\uFFFD");
    }

    @Test
    void completionHasNoText() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.take(reader, 8, 1, 0);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end()).isEqualTo(EndOfStream.COMPLETE);
    }

    @Test
    void aBatchIsInvisibleUntilItsEnd() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        for (int i = 0; i < 5; i++) {
            ring.offer(8, i);
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        }
        assertThat(ring.writer.position()).isZero();
        ring.writer.endBatch();
        for (int i = 0; i < 5; i++) {
            ring.take(reader, 8, i, i);
        }
        ring.writer.beginBatch();
        ring.writer.endBatch();
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.offer(8, 9);
        ring.take(reader, 8, 9, 5);
    }

    @Test
    void aLongBatchIsHandedOverInPieces() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(false);
        ring.writer.beginBatch();
        int written = 0;
        while (reader.poll() == RingConsumer.EMPTY) {
            assertThat(ring.offer(4000, 1)).isTrue();
            written++;
        }
        assertThat(written)
                .isEqualTo(3); // of 4032 bytes each: with the third, it would be more than an eighth of the ring
        TestRing.takeEmpty(reader, written - 1);
        ring.offer(4000, 1);
        assertThat(reader.poll()).as("the batch goes on").isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        assertThat(reader.poll()).isNotNegative();
    }

    @Test
    void aMessageLongerThanABatchIsOneByItself() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        int longest = CAPACITY / 8;
        ring.writer.beginBatch();
        for (int i = 0; i < 5; i++) {
            assertThat(ring.offer(longest, i)).isTrue();
            assertThat(ring.writer.tryClaimInBatch(0)).isEqualTo(RingProducer.FULL);
        }
        for (int i = 0; i < 4; i++) {
            ring.take(reader, longest, i, i);
        }
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, longest, 4, 4);
    }

    @Test
    void nothingIsAtHandButInABatchThatHasBegun() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 0);
        assertThat(ring.writer.tryClaimInBatch(8)).as("no batch").isEqualTo(RingProducer.FULL);
        ring.writer.beginBatch();
        assertThat(ring.writer.tryClaimInBatch(8))
                .as("the first, which is stamped last")
                .isEqualTo(RingProducer.FULL);
        ring.offer(8, 1);
        assertThat(ring.offerAtHand(8, 2)).isTrue();
        ring.take(reader, 8, 0, 0);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        assertThat(ring.writer.tryClaimInBatch(8)).as("no batch").isEqualTo(RingProducer.FULL);
        ring.take(reader, 8, 1, 1);
        ring.take(reader, 8, 2, 2);
    }

    /** How a message of a batch is written, where it can be. */
    private enum Way {
        ONE_BY_ONE,
        AT_HAND,
        STAGED,
        ANY;

        private static final Way[] WAYS = {ONE_BY_ONE, AT_HAND, STAGED};

        boolean offer(TestRing ring, int length, int seed, Random random) {
            return switch (this) {
                case ONE_BY_ONE -> false;
                case AT_HAND -> ring.offerAtHand(length, seed);
                case STAGED -> ring.offerStaged(length, seed);
                case ANY -> WAYS[random.nextInt(WAYS.length)].offer(ring, length, seed, random);
            };
        }

        /** The least that can be written that way, in percent. */
        int percent() {
            return switch (this) {
                case ONE_BY_ONE -> 0;
                case AT_HAND, STAGED -> 50;
                case ANY -> 30;
            };
        }
    }

    /** Laps of batches of all lengths. */
    @ParameterizedTest
    @MethodSource("batches")
    void aMessageOfABatchIsTheSameWhicheverWayItIsWritten(Way way, Overflow overflow, boolean timestamps, int history) {
        TestRing ring = new TestRing(CAPACITY - 64, 4, timestamps, overflow, history);
        RingConsumer reader = ring.join(Start.NEXT, Gap.ERROR, (consumer, first, last) -> {});
        Random random = new Random(history);
        int written = 0;
        int thatWay = 0;
        for (int batch = 0; batch < 500; batch++) {
            int[] lengths = random.ints(random.nextInt(30), 0, 1200).toArray();
            ring.writer.beginBatch();
            for (int i = 0; i < lengths.length; i++) {
                if (way.offer(ring, lengths[i], written + i, random)) {
                    thatWay++;
                } else {
                    assertThat(ring.offer(lengths[i], written + i)).isTrue();
                }
            }
            ring.writer.endBatch();
            for (int length : lengths) {
                ring.take(reader, length, written, written);
                assertThat(reader.timestampNanos() != 0).isEqualTo(timestamps);
                written++;
            }
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        }
        assertThat(100L * thatWay).isGreaterThanOrEqualTo((long) way.percent() * written);
        assertThat(sequenceAt(ring, RingLayout.LATEST_OFFSET)).isEqualTo(written - 1);
        if (history > 1) {
            assertThat(sequenceAt(ring, RingLayout.RETAINED_OFFSET)).isEqualTo(written - history);
        }
    }

    static Stream<Arguments> batches() {
        return Stream.of(Way.values()).flatMap(way -> Stream.of(
                        Overflow.WAIT, Overflow.OVERWRITE_OLDEST, Overflow.evictSlow(Duration.ofMinutes(1)))
                .flatMap(overflow -> Stream.of(
                        Arguments.of(way, overflow, false, 1),
                        Arguments.of(way, overflow, true, 1),
                        Arguments.of(way, overflow, false, 7),
                        Arguments.of(way, overflow, true, 7))));
    }

    private static long sequenceAt(TestRing ring, int word) {
        return ring.ring.getLong(TestRing.offset(ring.ring.getLong(word)) + RecordLayout.SEQUENCE_OFFSET);
    }

    @Test
    void aFullRingCommitsAnOpenBatchOrNobodyWouldEverMakeRoom() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        int written = 0;
        while (ring.offer(8, 0)) {
            written++;
        }
        assertThat(written).isEqualTo(FULL);
        TestRing.takeEmpty(reader, FULL);
        assertThat(ring.offer(8, 7)).isTrue();
        assertThat(reader.poll()).as("the batch goes on").isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, 8, 7, FULL);
    }

    @Test
    void aBatchMayBeginWithPadding() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(500, 1);
        ring.offer(8, 2);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, 500, 1, 0);
        ring.take(reader, 8, 2, 1);
    }

    @Test
    void abandonedClaimsLeaveNoMessage() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        for (int i = 0; i < 1000; i++) {
            int abandoned = ring.writer.tryClaim(i % 3 == 0 ? 0 : 700);
            ring.ring.setMemory(abandoned, i % 3 == 0 ? 0 : 700, (byte) 0xFF);
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
            int length = i * 7 % 90;
            assertThat(ring.offer(length, i)).isTrue();
            ring.take(reader, length, i, i);
        }
    }

    @Test
    void whatIsCommittedMayBeShorterThanWhatWasClaimed() {
        TestRing ring = new TestRing(CAPACITY - 512);
        RingReader reader = ring.join(true);
        for (int i = 0; i < 500; i++) {
            int index = ring.writer.tryClaim(1000);
            ring.ring.setMemory(index, i % 200, (byte) i);
            ring.writer.commit(i % 200);
            ring.take(reader, i % 200, i, i);
        }
    }
}
