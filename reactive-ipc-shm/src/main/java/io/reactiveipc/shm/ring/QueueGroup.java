package io.reactiveipc.shm.ring;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The steps of a queue group, none of which can be cut short to harm. Each operation is an intent in a slot, then a CAS of the
 * group's claim word, which decides and names it, then its completion. Whoever changes the claim word first completes what it
 * names (docs/adr/0013).
 *
 * <pre>
 * slot's word | entered by                                      | gates the publisher
 * ------------+-------------------------------------------------+---------------------------------
 * ENTERING    | CAS from ACTIVE by the joiner                   | by its cursor
 * MEMBER      | completion of a join; CAS from RETURNED by      | by its HELD entries; the group's
 *             | another member, generation + 1                  | position gates besides
 * LEAVING     | CAS from MEMBER by its owner, no entry in use   | the same
 * RETURNED    | CAS from MEMBER or LEAVING by the owner's       | the same
 *             | reaper, or from MEMBER by the owner             |
 * FREE        | completion of a leave; CAS from ENTERING by     | no
 *             | the owner's reaper                              |
 * </pre>
 */
final class QueueGroup {
    private final GroupWords words;
    private final SlotWords slots;
    private final int group;

    private QueueGroup(GroupWords words, SlotWords slots, int group) {
        this.words = words;
        this.slots = slots;
        this.group = group;
    }

    /** The group that a slot's word names. */
    static QueueGroup of(AtomicBuffer slots, int group) {
        return new QueueGroup(new GroupWords(slots), new SlotWords(slots), group);
    }

    /**
     * Finds the row of a group, or takes one for it. Rows are never given back.
     *
     * @throws IpcException {@code TOO_MANY_SUBSCRIBERS} if other groups have all rows
     */
    static QueueGroup named(AtomicBuffer slots, String name) {
        long key = key(name);
        GroupWords words = new GroupWords(slots);
        for (int group = 0; group < GroupLayout.GROUP_COUNT; group++) {
            if (words.keyAcquire(group) == key
                    || words.compareAndSetKey(group, key)
                    || words.keyAcquire(group) == key) { // taken for the same one meanwhile
                return new QueueGroup(words, new SlotWords(slots), group);
            }
        }
        throw new IpcException(
                ErrorCode.TOO_MANY_SUBSCRIBERS,
                "queue group \"" + name + "\": the publication has had " + GroupLayout.GROUP_COUNT
                        + " groups of other names already; use one of those, or fewer names");
    }

    private static long key(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() | 1; // never 0
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int number() {
        return group;
    }

    GroupWords words() {
        return words;
    }

    long claimAcquire() {
        return words.claimAcquire(group);
    }

    /** Whether the claim word is what it was before a record was read: then that record was the one at its position. */
    boolean isStill(long claim) {
        return words.isStillAfter(group, claim);
    }

    /** Does what the claim word names, if nobody has done it. */
    void complete(long claim) {
        int operation = GroupLayout.operation(claim);
        int slot = GroupLayout.slot(claim);
        int entry = GroupLayout.entry(operation);
        if (entry >= 0) {
            long intent = words.entryAcquire(slot, entry);
            if (GroupLayout.isTentative(intent) && GroupLayout.entryPosition(intent) < GroupLayout.position(claim)) {
                words.compareAndSetEntry(slot, entry, intent, GroupLayout.held(intent)); // SYNC Q1
            }
        } else if (operation != GroupLayout.NONE) {
            int intent = operation == GroupLayout.JOIN ? SlotLayout.ENTERING : SlotLayout.LEAVING;
            int done = operation == GroupLayout.JOIN ? SlotLayout.MEMBER : SlotLayout.FREE;
            long word = slots.wordAcquire(slot);
            if (SlotLayout.state(word) == intent
                    && SlotLayout.group(word) == group
                    && claimAcquire() == claim) { // SYNC Q3: else it may be the intent of a later owner
                slots.compareAndSetWord(slot, word, SlotLayout.withState(word, done));
            }
        }
    }

    /**
     * The last step of a join. The slot is ENTERING, and its cursor, which gates, is where this member would found the
     * group.
     */
    void join(int slot, long start) {
        CrashPoint.SLOT_ENTERING.passed();
        while (true) {
            long claim = claimAcquire();
            complete(claim);
            long position = GroupLayout.position(claim);
            long joined = GroupLayout.next(
                    claim, GroupLayout.isAlive(claim) ? position : Math.max(start, position), GroupLayout.JOIN, slot);
            if (words.compareAndSetClaim(group, claim, joined)) { // SYNC Q3
                CrashPoint.GROUP_JOINED.passed();
                complete(joined);
                return;
            }
        }
    }

    /**
     * Takes the message at a claim word's position.
     *
     * @param seen the claim word
     * @param end where the record behind the message starts
     * @param entry one of the slot's that is 0
     * @return whether it is this slot's now
     */
    boolean claim(long seen, long end, int slot, int entry, boolean once) {
        long position = GroupLayout.position(seen);
        long intent = position | GroupLayout.TENTATIVE | (once ? GroupLayout.ONCE : 0);
        words.entryRelease(slot, entry, intent); // SYNC Q1: before the claim word names it
        CrashPoint.CLAIM_TRIED.passed();
        complete(seen);
        if (!words.compareAndSetClaim(group, seen, GroupLayout.next(seen, end, GroupLayout.claimInto(entry), slot))) {
            words.entryRelease(slot, entry, 0);
            return false;
        }
        CrashPoint.CLAIM_DECIDED.passed();
        words.entryRelease(slot, entry, GroupLayout.held(intent));
        CrashPoint.CLAIM_COMPLETED.passed();
        return true;
    }

    /** Passes over a record that is no message. */
    void skip(long seen, long end) {
        complete(seen);
        words.compareAndSetClaim(group, seen, GroupLayout.next(seen, end, GroupLayout.NONE, 0));
    }

    /** Leaves with a slot that holds nothing. The last one ends the group. */
    void leave(int slot, long member) {
        long leaving = SlotLayout.withState(member, SlotLayout.LEAVING);
        if (!slots.compareAndSetWord(slot, member, leaving)) {
            return; // evicted
        }
        CrashPoint.SLOT_LEAVING.passed();
        while (slots.wordAcquire(slot) == leaving) {
            long claim = claimAcquire();
            complete(claim);
            long left = GroupLayout.next(
                    claim, GroupLayout.position(claim), isAlone(slot) ? GroupLayout.END : GroupLayout.LEAVE, slot);
            if (words.compareAndSetClaim(group, claim, left)) { // SYNC Q3: nobody has come since the look at the slots
                CrashPoint.GROUP_LEFT.passed();
                complete(left);
                return;
            }
        }
    }

    private boolean isAlone(int slot) {
        for (int other = 0; other < SlotLayout.SLOT_COUNT; other++) {
            if (other != slot && SlotLayout.isIn(slots.wordAcquire(other), group)) {
                return false;
            }
        }
        return true;
    }

    /** Gives a slot with what is unfinished in it back to the group. */
    boolean giveBack(int slot, long word) {
        boolean done = slots.compareAndSetWord(slot, word, SlotLayout.withState(word, SlotLayout.RETURNED)); // SYNC Q4
        if (done) {
            CrashPoint.SLOT_RETURNED.passed();
            words.addReturned(group);
        }
        return done;
    }

    /** Gives back what the dead owner of a slot has left: the slot itself, if it was not in the group. */
    boolean reclaim(int slot, long word) {
        complete(claimAcquire()); // SYNC Q4: what it decided last; it decides nothing any more
        long now = slots.wordAcquire(slot);
        if (SlotLayout.withState(now, SlotLayout.FREE) != SlotLayout.withState(word, SlotLayout.FREE)) {
            return false; // another owner's
        }
        return switch (SlotLayout.state(now)) {
            case SlotLayout.ENTERING -> slots.compareAndSetWord(slot, now, SlotLayout.freed(now));
            case SlotLayout.MEMBER, SlotLayout.LEAVING -> giveBack(slot, now);
            default -> false;
        };
    }

    /** Whether a slot was given back to this group, and not taken over. */
    boolean isReturned(int slot) {
        long word = slots.wordAcquire(slot);
        return SlotLayout.state(word) == SlotLayout.RETURNED && SlotLayout.group(word) == group;
    }

    /** Changes when a slot was given back. */
    long returnedAcquire() {
        return words.returnedAcquire(group);
    }

    /**
     * Takes over a slot that was given back.
     *
     * @return the slot's word, now of this owner's, or 0 if there is nothing to take over
     */
    long adopt(int slot, int nodeRow) {
        long word = slots.wordAcquire(slot);
        if (SlotLayout.state(word) != SlotLayout.RETURNED || SlotLayout.group(word) != group) {
            return 0;
        }
        long adopted = SlotLayout.ownedBy(SlotLayout.withState(word, SlotLayout.MEMBER), nodeRow);
        if (!slots.compareAndSetWord(slot, word, adopted)) { // SYNC Q4
            return 0;
        }
        CrashPoint.SLOT_ADOPTED.passed();
        return adopted;
    }

    /** Whether a slot that is in the group has unfinished messages. */
    boolean isUnfinished(int slot) {
        return SlotLayout.isIn(slots.wordAcquire(slot), group) && !isEmpty(slot);
    }

    boolean isEmpty(int slot) {
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            if (words.entryAcquire(slot, entry) != 0) {
                return false;
            }
        }
        return true;
    }
}
