package io.reactiveipc.shm.ring;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Start;
import io.reactiveipc.fuzz.FuzzInput;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition.Reading;
import java.util.ArrayList;
import java.util.List;

/** Members of queue groups with whatever claim words, entries and slots: they read or are told why not, and nobody hangs. */
class QueueGroupFuzz {
    private static final int MOST = 2 * FuzzedRing.CAPACITY / RecordLayout.ALIGNMENT
            + FuzzedRing.SLOTS * SlotLayout.ENTRY_COUNT * SlotLayout.SLOT_COUNT;

    @FuzzTest
    void membersReadOrAreToldAndThePublisherIsHeldBackByWhatCouldBeOnly(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzedRing ring = new FuzzedRing(input);
        List<QueueReader> members = new ArrayList<>();
        while (input.hasMore()) {
            step(ring, members, input);
        }
        if (!ring.isEnded()) {
            ring.assertHeldBackByWhatCouldBeOnly();
        }
        members.removeIf(member -> !takeAll(member));
        members.forEach(QueueReader::close);
    }

    private static void step(FuzzedRing ring, List<QueueReader> members, FuzzInput input) {
        int slot = input.below(FuzzedRing.SLOTS + 1);
        int group = input.below(3);
        switch (input.below(14)) {
            case 0, 1, 2 -> ring.offer(input.below(FuzzedRing.MAX_MESSAGE + 1));
            case 3, 4 -> {
                RingConsumer member = ring.join(reading(group, input), input.below(2) == 1);
                if (member != null) {
                    members.add((QueueReader) member);
                }
            }
            case 5 -> members.removeIf(member -> !takeAll(member));
            case 6 -> {
                if (!members.isEmpty()) {
                    members.remove(input.below(members.size())).close();
                }
            }
            case 7 -> { // as if killed: its reader is no longer used
                if (!members.isEmpty()) {
                    QueueReader dead = members.remove(input.below(members.size()));
                    new SlotWords(ring.slots).reclaim(dead.slot.index(), dead.slot.word());
                }
            }
            case 8 ->
                ring.slots.putLong(
                        GroupLayout.claimOffset(group),
                        input.below(2) == 0
                                ? input.i64()
                                : GroupLayout.next(0, near(ring, input), input.below(16), slot));
            case 9 -> ring.slots.putLong(GroupLayout.returnedOffset(group), input.u8());
            case 10 ->
                ring.slots.putLong(
                        SlotLayout.entryOffset(slot, input.below(SlotLayout.ENTRY_COUNT)),
                        input.below(2) == 0 ? input.i64() : near(ring, input) | input.below(8));
            case 11 ->
                ring.slots.putLong(
                        SlotLayout.wordOffset(slot),
                        SlotLayout.inGroup(SlotLayout.word(1, input.u8(), 0), group, input.below(10)));
            case 12 -> ring.slots.putLong(SlotLayout.cursorOffset(slot), ring.near(input));
            default -> ring.end(input.below(2) == 1);
        }
    }

    private static long near(FuzzedRing ring, FuzzInput input) {
        return ring.near(input) & -RecordLayout.ALIGNMENT & Long.MAX_VALUE;
    }

    private static Reading reading(int group, FuzzInput input) {
        Delivery queue = Delivery.queue("group " + group);
        Start start = input.below(2) == 0 ? Start.NEXT : Start.OLDEST;
        return new Reading(start, Gap.ERROR, input.below(4) == 0 ? queue.atMostOnce() : queue, 0, false);
    }

    /** Whether the member is still to be used: not if it was told that something is corrupt. */
    private static boolean takeAll(QueueReader member) {
        int empty = 0;
        try {
            for (int looks = 0; looks < MOST; looks++) {
                int index = member.poll();
                if (index == RingConsumer.ENDED) {
                    member.end();
                    return true;
                }
                if (index == RingConsumer.EMPTY) {
                    if (++empty > 2) {
                        return true;
                    }
                    member.arm(0); // has the next poll look at all words
                } else if (member.claim()) {
                    FuzzedRing.check(member, index);
                    member.advance();
                    member.settle();
                }
            }
        } catch (CorruptRingException e) {
            member.close();
            return false;
        }
        throw new AssertionError("more messages than fit");
    }
}
