package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue group in states that are made by hand: what members, reapers and the writer make of them. */
@Timeout(30)
class QueueReaderTest {
    private static final int RECORD = 32;
    private static final int FULL = (TestRing.CAPACITY - RingWriter.END_RESERVE) / RECORD;

    private static final int UNHINDERED = 3 * FULL;

    private final TestRing ring = new TestRing(0, 8, false);
    private final GroupWords words = new GroupWords(ring.slots);

    private QueueReader member() {
        return member(Delivery.queue("workers"));
    }

    private QueueReader member(Delivery delivery) {
        Reading reading = new Reading(Start.NEXT, Gap.ERROR, delivery, 0, false);
        return (QueueReader) ring.attachment(ring.slots).join(reading, false, (consumer, first, last) -> {});
    }

    private static boolean take(QueueReader member) {
        while (member.poll() >= 0) {
            if (member.claim()) {
                member.advance();
                return true;
            }
        }
        return false;
    }

    private int fill() {
        int offered = 0;
        while (offered < UNHINDERED && ring.offer(8, 1)) {
            offered++;
        }
        return offered;
    }

    private void die(int slot) {
        new SlotWords(ring.slots).reclaim(slot, ring.slotWord(slot));
    }

    private void claimWord(long claim) {
        ring.slots.putLongVolatile(GroupLayout.claimOffset(0), claim);
    }

    private void entry(int slot, int entry, long value) {
        ring.slots.putLongVolatile(SlotLayout.entryOffset(slot, entry), value);
    }

    @Test
    void theClaimWordDoesNotComeBackToWhatItWas() {
        member();
        QueueReader second = member();
        long before = words.claimAcquire(0);
        second.close();
        assertThat(words.claimAcquire(0)).isNotEqualTo(before);
        member(); // in the same slot
        assertThat(GroupLayout.slot(words.claimAcquire(0))).isEqualTo(GroupLayout.slot(before));
        assertThat(words.claimAcquire(0)).isNotEqualTo(before);
    }

    @Test
    void aClaimThatWasDecidedAndNotCompletedIsTheDeadMembersAndIsRedelivered() {
        member();
        QueueReader other = member();
        ring.offer(8, 7);
        entry(0, 3, GroupLayout.TENTATIVE);
        claimWord(GroupLayout.next(words.claimAcquire(0), RECORD, GroupLayout.claimInto(3), 0));
        die(0);
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.RETURNED);
        assertThat(take(other)).isTrue();
        assertThat(other.isRedelivered()).isTrue();
        assertThat(other.sequence()).isZero();
        other.settle();
        assertThat(take(other)).isFalse();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @Test
    void aClaimThatWasNotDecidedIsNobodysAndTheMessageIsDeliveredAsNew() {
        member();
        QueueReader other = member();
        ring.offer(8, 7);
        entry(0, 3, GroupLayout.TENTATIVE);
        die(0);
        assertThat(take(other)).isTrue();
        assertThat(other.isRedelivered()).isFalse();
        other.settle();
        assertThat(take(other)).isFalse();
        assertThat(fill()).isEqualTo(FULL);
    }

    @Test
    void aJoinThatWasDecidedAndNotCompletedIsMembershipAndOneThatWasNotIsNone() {
        QueueReader member = member();
        long word = SlotLayout.inGroup(SlotLayout.word(9, 5, 0), 0, SlotLayout.ENTERING);
        ring.slots.putLongVolatile(SlotLayout.wordOffset(1), word);
        ring.slots.putLongVolatile(SlotLayout.wordOffset(2), word);
        claimWord(GroupLayout.next(words.claimAcquire(0), 0, GroupLayout.JOIN, 1));
        die(1);
        die(2);
        assertThat(ring.slotState(1)).isEqualTo(SlotLayout.RETURNED);
        assertThat(ring.slotState(2)).isEqualTo(SlotLayout.FREE);
        assertThat(take(member)).isFalse(); // takes it over, and leaves with it
        assertThat(ring.slotState(1)).isEqualTo(SlotLayout.FREE);
        assertThat(GroupLayout.isAlive(words.claimAcquire(0))).isTrue();
        member.close();
        assertThat(GroupLayout.isAlive(words.claimAcquire(0))).isFalse();
        assertThat(fill()).isEqualTo(UNHINDERED);
    }

    @Test
    void aLeaveThatWasDecidedIsCompletedByTheNextOne() {
        member();
        QueueReader other = member();
        ring.slots.putLongVolatile(
                SlotLayout.wordOffset(0), SlotLayout.withState(ring.slotWord(0), SlotLayout.LEAVING));
        claimWord(GroupLayout.next(words.claimAcquire(0), 0, GroupLayout.LEAVE, 0));
        other.close();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
        assertThat(GroupLayout.isAlive(words.claimAcquire(0))).isFalse();
    }

    @Test
    void aReaperDoesNotTakeASlotOfALaterGeneration() {
        member();
        long dead = ring.slotWord(0);
        ring.slots.putLongVolatile(SlotLayout.wordOffset(0), SlotLayout.nextGeneration(dead));
        assertThat(new SlotWords(ring.slots).reclaim(0, dead)).isFalse();
        assertThat(ring.slotWord(0)).isEqualTo(SlotLayout.nextGeneration(dead));
    }

    @Test
    void whatIsHeldGatesAndWhatIsTentativeDoesNot() {
        QueueReader holder = member();
        QueueReader other = member();
        assertThat(fill()).isEqualTo(FULL);
        assertThat(holder.poll()).isNotNegative();
        assertThat(holder.claim()).isTrue();
        for (int i = 1; i < FULL; i++) {
            assertThat(take(other)).isTrue();
        }
        other.settle();
        assertThat(ring.offer(8, 1)).isFalse();
        holder.advance();
        holder.settle();
        entry(0, 5, GroupLayout.TENTATIVE); // of a claim that was lost
        assertThat(ring.offer(8, 1)).isTrue();
    }

    @Test
    void aClaimWordThatCannotBeEndsTheGroupAndItsMembersAreTold() {
        QueueReader member = member();
        claimWord(GroupLayout.next(0, 1 << 30, GroupLayout.NONE, 0));
        assertThat(fill()).isEqualTo(UNHINDERED); // nobody is waited for
        assertThatThrownBy(member::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("queue group was ended");
        member.close();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 30, 0})
    void anEntryThatCannotBeEvictsItsMember(long value) {
        ring.writer.tryClaim(1024);
        ring.writer.commit(1024);
        for (int i = 0; i < UNHINDERED; i++) {
            ring.offer(8, 1);
        }
        QueueReader member = member();
        QueueReader other = member();
        entry(0, 0, value | GroupLayout.HELD);
        assertThat(fill()).isEqualTo(FULL);
        assertThat(ring.offer(8, 1)).isFalse();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.EVICTED);
        assertThat(take(other)).isTrue();
        member.close();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @Test
    void aPositionThatIsBehindTheGroupsStampIsCorrupt() {
        QueueReader member = member();
        ring.offer(8, 1);
        ring.ring.putLong(TestRing.stampOffset(0), 0);
        member.arm(0);
        assertThatThrownBy(member::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("no valid stamp");
    }

    @Test
    void aRecordThatMakesNoSenseIsCorruptBeforeItIsClaimed() {
        QueueReader member = member();
        ring.offer(8, 1);
        ring.ring.putInt(RingLayout.offset(0, TestRing.CAPACITY), 1 << 20);
        assertThatThrownBy(member::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("length 1048576");
        assertThat(GroupLayout.position(words.claimAcquire(0))).isZero();
    }

    /** Of another process gone wrong: each look finds the one or the other, the CAS of the claim too. */
    @Test
    void aRecordThatMakesNoSenseIsNotTakenByAClaimWordThatComesAndGoes() throws Exception {
        QueueReader member = member();
        ring.offer(8, 1);
        ring.ring.putInt(RingLayout.offset(0, TestRing.CAPACITY), 1 << 20);
        long one = words.claimAcquire(0);
        long other =
                GroupLayout.next(one, 0, GroupLayout.JOIN, GroupLayout.slot(one)); // with another number of changes
        AtomicBoolean over = new AtomicBoolean();
        Thread flicker = new Thread(() -> {
            while (!over.get()) {
                claimWord(other);
                claimWord(one);
            }
        });
        flicker.start();
        int offered = 0;
        try {
            for (int i = 0; i < 200_000; i++) {
                entry(0, 0, 0);
                try {
                    if (member.poll() >= 0) {
                        offered++;
                        assertThat(member.claim()).isFalse();
                    }
                } catch (CorruptRingException e) {
                    assertThat(e).hasMessageContaining("length 1048576");
                }
            }
        } finally {
            over.set(true);
            flicker.join();
        }
        assertThat(offered).isPositive();
    }

    @Test
    void aDeadPublishersMessagesAreDeliveredAndThenItsLossIsTold() {
        QueueReader one = member();
        QueueReader other = member();
        ring.offer(8, 1);
        assertThat(one.poll()).isNotNegative();
        assertThat(one.claim()).isTrue();
        ring.death = "dead";
        assertThat(other.poll()).isEqualTo(RingConsumer.EMPTY); // it may yet get what the first one has
        one.advance();
        one.settle();
        assertThat(other.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(one.poll()).isEqualTo(RingConsumer.ENDED);
    }

    @Test
    void atMostOnceDropsWhatTheDeadHad() {
        QueueReader holder = member(Delivery.queue("workers").atMostOnce());
        QueueReader other = member(Delivery.queue("workers").atMostOnce());
        ring.offer(8, 1);
        assertThat(holder.poll()).isNotNegative();
        assertThat(holder.claim()).isTrue();
        die(0);
        assertThat(take(other)).isFalse();
        assertThat(fill()).isEqualTo(FULL);
        for (int i = 0; i < FULL; i++) {
            assertThat(take(other)).isTrue();
        }
        other.settle();
        assertThat(fill()).isPositive();
    }

    @Test
    void positionsThatAClaimWordCannotNameAreRefused() {
        long last = GroupLayout.MAX_POSITION / TestRing.CAPACITY * TestRing.CAPACITY;
        Reading reading = new Reading(Start.NEXT, Gap.ERROR, Delivery.queue("workers"), 0, false);
        TestRing late = new TestRing(last, 8, false);
        assertThatThrownBy(() -> late.attachment(late.slots).join(reading, false, (consumer, first, missing) -> {}))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("publish anew");
        assertThat(late.slotState(0)).isEqualTo(SlotLayout.FREE);

        TestRing growing = new TestRing(last - TestRing.CAPACITY, 8, false);
        QueueReader member =
                (QueueReader) growing.attachment(growing.slots).join(reading, false, (consumer, first, missing) -> {});
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 3 * TestRing.CAPACITY / 1000; i++) {
                        growing.offer(1000, 1);
                        assertThat(member.poll()).isNotNegative();
                        take(member);
                        member.settle();
                    }
                })
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("publish anew");
    }

    @Test
    void whoHoldsAnOldMessageIsCountedAlsoIfItHoldsANewerOneBeforeIt() {
        QueueReader member = member();
        assertThat(fill()).isEqualTo(FULL);
        int[] kept = new int[2];
        for (int i = 0; i < 2; i++) {
            assertThat(member.poll()).isNotNegative();
            assertThat(member.claim()).isTrue();
            kept[i] = member.keep();
            member.advance();
        }
        member.finish(kept[0]);
        assertThat(ring.offer(8, 1)).isTrue();
        assertThat(member.poll()).isNotNegative();
        assertThat(member.claim()).isTrue(); // into the first entry
        member.keep();
        QueueReader other = member();
        while (take(other)) {
            other.settle();
        }
        while (ring.offer(8, 1)) {
            assertThat(take(other)).isTrue();
            other.settle();
        }
        assertThat(ring.writer.blockedBy(8)).isPositive();
    }

    @Test
    void whoHasNoDemandDoesNotTakeWhatWasGivenBack() {
        member();
        QueueReader idle = member();
        QueueReader busy = member();
        ring.offer(8, 7);
        entry(0, 3, GroupLayout.TENTATIVE);
        claimWord(GroupLayout.next(words.claimAcquire(0), RECORD, GroupLayout.claimInto(3), 0));
        die(0);
        assertThat(idle.poll()).isNotNegative();
        assertThat(take(busy)).isTrue();
        assertThat(busy.isRedelivered()).isTrue();
        assertThat(idle.poll()).isNegative();
    }

    @Test
    void whatWasGivenBackAtTheEndByOneWhoDiedBeforeTellingIsFound() {
        QueueReader holder = member();
        QueueReader other = member();
        ring.offer(8, 7);
        assertThat(holder.poll()).isNotNegative();
        assertThat(holder.claim()).isTrue();
        ring.writer.end(EndOfStream.COMPLETE);
        assertThat(other.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.slots.putLongVolatile(
                SlotLayout.wordOffset(0), SlotLayout.withState(ring.slotWord(0), SlotLayout.RETURNED));
        boolean taken = false;
        for (int i = 0; i < 10_000 && !taken; i++) {
            other.arm(0);
            taken = take(other);
        }
        assertThat(taken).isTrue();
    }

    @Test
    void aMemberThatWasEvictedIsToldWhileMessagesFlow() {
        QueueReader member = member();
        member();
        entry(0, 0, 1 << 30 | GroupLayout.HELD);
        assertThat(fill()).isEqualTo(FULL);
        assertThat(ring.offer(8, 1)).isFalse();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.EVICTED);
        assertThatThrownBy(() -> take(member))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("without this subscriber");
    }

    /** As those of a node are that is closed while its leases are out. */
    @Test
    void whatIsFinishedInASlotThatIsAnothersByThenStaysTheOthers() {
        QueueReader first = member();
        QueueReader other = member();
        ring.offer(8, 7);
        assertThat(first.poll()).isNotNegative();
        assertThat(first.claim()).isTrue();
        int kept = first.keep();
        first.advance();
        die(0);
        assertThat(take(other)).isTrue();
        first.finish(kept);
        assertThat(words.entryAcquire(0, 0)).isEqualTo(GroupLayout.HELD);
        first.close();
        assertThat(words.entryAcquire(0, 0)).isEqualTo(GroupLayout.HELD);
    }
}
