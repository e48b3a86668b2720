package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Overflow;
import io.reactiveipc.shm.SecondJvm;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class StageTest {
    @Test
    void nothingIsStagedButInABatchThatHasBegun() {
        TestRing ring = new TestRing();
        assertThat(ring.offerStaged(8, 0)).as("no batch").isFalse();
        ring.writer.beginBatch();
        assertThat(ring.offerStaged(8, 0))
                .as("the first, which is stamped last")
                .isFalse();
        ring.offer(8, 1);
        assertThat(ring.offerStaged(8, 2)).isTrue();
        ring.writer.endBatch();
        assertThat(ring.offerStaged(8, 3)).as("no batch").isFalse();
        assertThat(ring.writer.tryClaimStaged(8)).as("no batch").isEqualTo(RingProducer.FULL);
    }

    @Test
    void whatIsStagedIsNotInTheRingBeforeTheEndOfTheBatch() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(8, 2);
        ring.offerStaged(8, 3);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        assertThat(ring.ring.getLong(TestRing.stampOffset(32))).isZero();
        assertThat(ring.writer.position()).isZero();

        ring.writer.endBatch();

        for (int i = 0; i < 3; i++) {
            ring.take(reader, 8, i + 1, i);
        }
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    @Test
    void aMessageThatIsNotStagedComesBehindThoseThatWere() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(100, 2);
        ring.offer(8, 3);
        ring.offerAtHand(8, 4);
        ring.offerStaged(8, 5);
        ring.writer.endBatch();
        for (int i = 0; i < 5; i++) {
            ring.take(reader, i == 1 ? 100 : 8, i + 1, i);
        }
    }

    @Test
    void aClaimThatIsGivenUpLeavesNothing() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.writer.openStage(500);
        ring.writer.stagingBuffer().setMemory(ring.writer.tryClaimStaged(500), 500, (byte) 9);
        ring.offerStaged(8, 2);
        ring.writer.openStage(8);
        ring.writer.tryClaimStaged(8);
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 8, 2, 1);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    @Test
    void aMessageMayBeShorterThanItsClaim() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.writer.openStage(500);
        ring.writer.stagingBuffer().setMemory(ring.writer.tryClaimStaged(500), 20, (byte) 2);
        ring.writer.commitStaged(20);
        ring.offerStaged(8, 3);
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 20, 2, 1);
        ring.take(reader, 8, 3, 2);
    }

    @Test
    void noStageIsOpenedForALongMessage() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        int longest = Stage.LONGEST_RECORD - RecordLayout.HEADER_LENGTH;
        ring.writer.beginBatch();
        ring.offer(8, 1);
        assertThat(ring.writer.openStage(longest + 1)).isFalse();
        assertThat(ring.offerStaged(longest, 2)).isTrue();
        assertThat(ring.writer.tryClaimStaged(longest + 1)).isEqualTo(RingProducer.FULL);
        ring.offer(CAPACITY / 8, 3);
        assertThat(ring.offerStaged(8, 4)).as("the batch is long enough").isFalse();
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, longest, 2, 1);
        ring.take(reader, CAPACITY / 8, 3, 2);
    }

    @Test
    void theEndOfAStreamStandsBehindWhatWasStaged() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(8, 2);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 8, 2, 1);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
    }

    @Test
    void whereThereIsNoMemoryForAStageNothingIsStaged() throws Exception {
        List<String> command = SecondJvm.command(WithoutMemory.class);
        int ringAndSlots = RingLayout.HEADER_LENGTH + CAPACITY + SlotLayout.FILE_LENGTH;
        command.add(1, "-XX:MaxDirectMemorySize=" + (ringAndSlots + Stage.LENGTH / 2));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** In a JVM that has memory outside of the heap for a ring and its slots, and no more. */
    static final class WithoutMemory {
        public static void main(String[] args) {
            TestRing ring = new TestRing();
            RingReader reader = ring.join(true);
            ring.writer.beginBatch();
            ring.offer(8, 1);
            assertThat(ring.offerStaged(8, 2)).isFalse();
            ring.offer(8, 2);
            assertThat(ring.offerStaged(8, 3)).isFalse();
            ring.writer.endBatch();
            ring.take(reader, 8, 1, 0);
            ring.take(reader, 8, 2, 1);
        }
    }

    /** Laps of batches of all lengths, by the stage, at hand, or neither. */
    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 7", "true, 7"})
    void whatIsStagedIsWrittenLikeAllElse(boolean timestamps, int history) {
        TestRing ring = new TestRing(CAPACITY - 64, 4, timestamps, Overflow.WAIT, history);
        RingReader reader = ring.join(true);
        Random random = new Random(history);
        int written = 0;
        int staged = 0;
        for (int batch = 0; batch < 500; batch++) {
            int[] lengths = random.ints(random.nextInt(30), 0, 1200).toArray();
            int chance = random.nextInt(5);
            ring.writer.beginBatch();
            for (int i = 0; i < lengths.length; i++) {
                int seed = written + i;
                int way = random.nextInt(5);
                if (way >= chance && ring.offerStaged(lengths[i], seed)) {
                    staged++;
                } else if (way % 2 == 0 || !ring.offerAtHand(lengths[i], seed)) {
                    assertThat(ring.offer(lengths[i], seed)).isTrue();
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
        assertThat(staged).isGreaterThan(written / 3);
        assertThat(sequenceAt(ring, RingLayout.LATEST_OFFSET)).isEqualTo(written - 1);
        if (history > 1) {
            assertThat(sequenceAt(ring, RingLayout.RETAINED_OFFSET)).isEqualTo(written - history);
        }
    }

    private static long sequenceAt(TestRing ring, int word) {
        return ring.ring.getLong(TestRing.offset(ring.ring.getLong(word)) + RecordLayout.SEQUENCE_OFFSET);
    }
}
