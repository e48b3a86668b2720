package io.reactiveipc.shm.ring;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.RingConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A member of a queue group. A poll finds a message that it may claim: one that was given back, or the next of the ring. It
 * reads in place what it has claimed, since an entry of its slot holds the publisher back until that is 0 again.
 *
 * <pre>
 * poll → found   claim → at hand   advance → handed on        next claim, or settle → finished
 *                                  keep, advance → kept       finish → finished · giveBack → found again
 * </pre>
 */
final class QueueReader extends AttachedReader implements RingConsumer.Member {
    private static final int NOTHING = -1;
    private static final long UNKNOWN = -1;

    private final QueueGroup group;
    private final boolean once;
    private final int nodeRow;
    private final Runnable wakeMembers;
    private final SlotWords slots;

    /** By slot, its word while it is this reader's, which has one of its own and those that it took over; else 0. */
    private final long[] own = new long[SlotLayout.SLOT_COUNT];

    /** Entries, as {@link #reference}s, whose messages are to be delivered once more. */
    private final Queue<Integer> again = new ConcurrentLinkedQueue<>();

    private final List<Integer> adopted = new ArrayList<>();
    private long seenReturned = UNKNOWN;

    private long found; // the claim word
    private long foundEnd;

    /** Else the claim word was another one by the time that it was read. */
    private boolean sound;

    private int foundAgain = NOTHING;
    private int foundReturned = NOTHING;
    private int atHand = NOTHING;
    private int handedOn = NOTHING;
    private int index;
    private boolean redelivered;

    /** @param slot a member's, of the group */
    QueueReader(Attachment attachment, SubscriberSlot slot, QueueGroup group, boolean once) {
        super(attachment, slot);
        this.group = group;
        this.once = once;
        this.nodeRow = attachment.nodeRow();
        this.slots = new SlotWords(attachment.slots());
        own[slot.index()] = slot.word();
        this.wakeMembers = () -> slots.wakeSleepers(geometry.maxSubscribers(), attachment.ringer());
    }

    // ---- finding ----------------------------------------------------------------------------------------------------

    @Override
    public int poll() {
        if (atHand != NOTHING) {
            return index;
        }
        if (end != null) {
            return ENDED;
        }
        if (!adopted.isEmpty()) {
            leaveEmptied();
        }
        Integer given = again.peek();
        if (given != null) {
            return pollAgain(given);
        }
        foundReturned = findReturned();
        return foundReturned == NOTHING ? pollNext() : 0; // who claims takes it over, and polls again
    }

    private int pollAgain(int reference) {
        long entry = group.words().entryAcquire(slotOf(reference), entryOf(reference));
        position = GroupLayout.entryPosition(entry);
        if (!GroupLayout.isHeld(entry) || !words.isStampedAcquire(position)) {
            throw corrupt("entry " + entryOf(reference) + " of subscriber slot " + slotOf(reference)
                    + " holds no message: 0x" + Long.toHexString(entry));
        }
        foundAgain = reference;
        return read(words.offset(position), words.lengthAndType(words.offset(position)));
    }

    private int pollNext() {
        foundAgain = NOTHING;
        while (true) {
            long claim = group.claimAcquire();
            if (!GroupLayout.isAlive(claim)) {
                throw corrupt("the queue group was ended; its claim word, or this member's slot, was overwritten");
            }
            position = GroupLayout.position(claim);
            if (position > GroupLayout.MAX_POSITION - capacity) {
                throw corrupt("queue groups go up to position " + GroupLayout.MAX_POSITION + "; publish anew");
            }
            if (!words.isStampedAcquire(position)) {
                if (group.isStill(claim)) {
                    return empty();
                }
                continue;
            }
            int offset = words.offset(position);
            long lengthAndType = words.lengthAndType(offset);
            if (!group.isStill(claim)) { // then the record may be another one by now
                continue;
            }
            switch ((int) (lengthAndType >>> 32) & 0xFFFF) {
                case RecordLayout.PAD -> {
                    skipPadding((int) lengthAndType);
                    group.skip(claim, position);
                }
                case RecordLayout.EOS -> {
                    if (isAllFinished()) {
                        return ended(readEnd(offset, (int) lengthAndType));
                    }
                    if (isAuditDue()) {
                        lookAfterOthers();
                        audited();
                    }
                    return EMPTY;
                }
                default -> {
                    if (freeEntry() == NOTHING) {
                        return EMPTY; // until one of its own is finished
                    }
                    found = claim;
                    return read(offset, lengthAndType);
                }
            }
        }
    }

    /** What stands there may change if it is not claimed yet; but it was a record a moment ago. */
    private int read(int offset, long lengthAndType) {
        int length = (int) lengthAndType;
        int type = (int) (lengthAndType >>> 32);
        long number = words.sequence(offset);
        sound = type == typeDue
                && length >= 0
                && length <= maxMessageLength
                && RecordLayout.align(payloadOffset + length) <= roomToEnd()
                && number >= 0;
        if (!sound && (foundAgain != NOTHING || group.isStill(found))) {
            throw corrupt("message " + number + " of type " + (type & 0xFFFF) + ", flags " + (type >>> 16) + ", length "
                    + length + ", at most " + maxMessageLength);
        }
        payloadLength = length;
        sequence = number;
        timestamp = payloadOffset == RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET
                ? file.getLong(offset + RecordLayout.TIMESTAMP_OFFSET)
                : 0;
        foundEnd = position + RecordLayout.align(payloadOffset + length);
        index = offset + payloadOffset;
        return index;
    }

    /** A slot that was given back with messages in it. Those without are taken over at once. */
    private int findReturned() {
        long returned = group.returnedAcquire(); // SYNC Q4: before the look at the slots
        if (returned == seenReturned) {
            return NOTHING;
        }
        for (int other = 0; other < SlotLayout.SLOT_COUNT; other++) {
            if (group.isReturned(other)) {
                if (isAnyToRedeliver(other)) {
                    return other;
                }
                adopt(other);
                leaveEmptied();
            }
        }
        seenReturned = returned;
        return NOTHING;
    }

    private boolean isAnyToRedeliver(int other) {
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            if (isToRedeliver(group.words().entryAcquire(other, entry))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isToRedeliver(long entry) {
        return GroupLayout.isHeld(entry) && !GroupLayout.isOnce(entry);
    }

    private void adopt(int other) {
        long word = group.adopt(other, nodeRow);
        if (word != 0) {
            own[other] = word;
            adopted.add(other);
            takeOver(other);
        }
    }

    private void leaveEmptied() {
        adopted.removeIf(other -> {
            boolean done = group.isEmpty(other);
            if (done) {
                group.leave(other, own[other]);
                wakePublisher();
            }
            return done;
        });
    }

    private void takeOver(int other) {
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            long held = group.words().entryAcquire(other, entry);
            if (isToRedeliver(held)) {
                again.add(reference(other, entry));
            } else if (held != 0) { // a claim that was not won, or a message that nobody may get twice
                group.words().entryRelease(other, entry, 0);
            }
        }
    }

    @Override
    boolean isAnythingThere() {
        return !again.isEmpty() || words.isStampedAcquire(GroupLayout.position(group.claimAcquire()));
    }

    @Override
    boolean isBehindAll(long finalPosition) {
        return GroupLayout.position(group.claimAcquire()) == finalPosition;
    }

    /** What another member has may be given back, as long as that has not finished it. */
    @Override
    boolean isAllFinished() {
        for (int other = 0; other < SlotLayout.SLOT_COUNT; other++) {
            if (group.isUnfinished(other) && !isOwn(other)) {
                return false;
            }
        }
        return again.isEmpty();
    }

    /** Not any more once this node's life was over, or the publisher went on without it. */
    private boolean isOwn(int other) {
        return own[other] != 0 && slots.wordAcquire(other) == own[other];
    }

    /** They may have died when the publisher's node was gone, which else looks after them; or before telling what they gave back. */
    private void lookAfterOthers() {
        if (publisher.death() != null || words.finalPositionAcquire() != RingLayout.OPEN) {
            publisher.freeSlotsOfDead();
        }
        seenReturned = UNKNOWN;
    }

    @Override
    void auditAt(long tail) {
        lookAfterOthers();
        long claim = group.claimAcquire();
        long next = GroupLayout.position(claim);
        if (tail > next && !words.isStampedAcquire(next) && group.isStill(claim)) {
            throw corrupt("no valid stamp at " + next
                    + ", where the queue group is, although the publisher's tail is at " + tail);
        }
    }

    // ---- claiming and finishing -------------------------------------------------------------------------------------

    @Override
    public @Nullable Member member() {
        return this;
    }

    @Override
    public boolean claim() {
        finishHandedOn();
        if (foundReturned != NOTHING) {
            adopt(foundReturned);
            foundReturned = NOTHING;
            return false;
        }
        redelivered = foundAgain != NOTHING;
        if (redelivered) {
            again.remove();
            atHand = foundAgain;
            foundAgain = NOTHING;
            return true;
        }
        if (!slot.isHeld()) {
            throw lostSlot(); // what it claims would hold nobody back
        }
        int entry = freeEntry();
        if (!sound || !group.claim(found, foundEnd, slot.index(), entry, once)) {
            return false;
        }
        atHand = reference(slot.index(), entry);
        return true;
    }

    private int freeEntry() {
        for (int entry = 0; entry < SlotLayout.ENTRY_COUNT; entry++) {
            if (group.words().entryAcquire(slot.index(), entry) == 0) {
                return entry;
            }
        }
        return handedOn != NOTHING && slotOf(handedOn) == slot.index() ? entryOf(handedOn) : NOTHING;
    }

    @Override
    public void advance() {
        handedOn = atHand;
        atHand = NOTHING;
        notEmpty();
    }

    @Override
    public void settle() {
        finishHandedOn();
    }

    private void finishHandedOn() {
        if (handedOn != NOTHING) {
            int reference = handedOn;
            handedOn = NOTHING;
            finish(reference);
        }
    }

    @Override
    public int keep() {
        int kept = atHand;
        atHand = NOTHING;
        return kept;
    }

    @Override
    public void finish(int reference) {
        if (!isOwn(slotOf(reference))) {
            return; // another one's by now
        }
        group.words().entryRelease(slotOf(reference), entryOf(reference), 0); // SYNC Q1: what was read of it is read
        CrashPoint.MESSAGE_FINISHED.passed();
        wakePublisher();
    }

    @Override
    public void giveBack(int reference) {
        if (GroupLayout.isOnce(group.words().entryAcquire(slotOf(reference), entryOf(reference)))) {
            finish(reference); // nobody may get it twice
        } else {
            again.add(reference);
        }
    }

    /** Entries by slot and number. */
    private static int reference(int slot, int entry) {
        return slot * SlotLayout.ENTRY_COUNT + entry;
    }

    private static int slotOf(int reference) {
        return reference / SlotLayout.ENTRY_COUNT;
    }

    private static int entryOf(int reference) {
        return reference % SlotLayout.ENTRY_COUNT;
    }

    // ---- leaving ----------------------------------------------------------------------------------------------------

    @Override
    void leave() {
        boolean given = leave(slot.index());
        for (int other : adopted) {
            given |= leave(other);
        }
        slot.free(); // if it was evicted
        if (given) {
            wakeMembers.run();
        }
    }

    private boolean leave(int left) {
        if (!isOwn(left)) {
            return false;
        }
        takeOver(left); // drops what nobody may get twice
        if (group.isEmpty(left)) {
            group.leave(left, own[left]);
            return false;
        }
        return group.giveBack(left, own[left]);
    }

    // ---- what it reads ----------------------------------------------------------------------------------------------

    @Override
    public boolean isRedelivered() {
        return redelivered;
    }

    /** Nothing of the ring is given back by position. */
    @Override
    public long position() {
        return slot.start();
    }

    @Override
    public void release(long upTo) {
        // see settle
    }

    @Override
    public long lag() {
        return Math.max(0, words.tailAcquire() - GroupLayout.position(group.claimAcquire()));
    }

    @Override
    public DirectBuffer buffer() {
        return file;
    }
}
