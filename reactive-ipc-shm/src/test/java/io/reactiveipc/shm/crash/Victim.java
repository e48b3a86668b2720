package io.reactiveipc.shm.crash;

import java.util.Arrays;
import java.util.List;

/** Who passes a crash point, and so which test halts a process there. A new point does not compile until it has one. */
public enum Victim {
    /** {@code CrashPointIT}: a publisher with a subscriber in another process. */
    WRITER,
    /** {@code CrashPointIT}: a subscriber of a publisher that has another one too. */
    READER,
    /** {@code CrashPointIT}: a node that comes, opens streams and signals, and goes. */
    NODE,
    /** {@code MemberCrashIT}: a member of a queue group that has others. */
    MEMBER,
    /** {@code NodeDeathTest}: one who clears away after the dead. */
    REAPER;

    public static Victim of(CrashPoint point) {
        return switch (point) {
            case CLAIM_MADE,
                    HEADER_BEGUN,
                    RECORD_UNSTAMPED,
                    RECORD_STAMPED,
                    TAIL_PUBLISHED,
                    BATCH_HELD_BACK,
                    RECORD_STAGED,
                    STAGE_COPIED,
                    BATCH_STAMPED,
                    PADDING_UNSTAMPED,
                    PADDING_STAMPED,
                    END_UNSTAMPED,
                    END_STAMPED,
                    RING_ENDED,
                    WRITER_ARMED,
                    SLEEPERS_FORGOTTEN,
                    SLOT_DISARMED,
                    BELL_CONNECTED -> WRITER;
            case SLOT_CLAIMED, CURSOR_SET, SLOT_ACTIVE, MESSAGE_FOUND, CURSOR_RELEASED, READER_ARMED, SLOT_LEFT ->
                READER;
            case BELL_BOUND,
                    TOPIC_LOCKED,
                    DIRECTORY_CREATED,
                    FILE_CREATED,
                    FILE_ZEROED,
                    FILE_WRITTEN,
                    FILE_LINKED,
                    SLOTS_CREATED,
                    RING_UNLINKED,
                    SIGNAL_OPENED,
                    SIGNAL_COUNTED,
                    ROW_LOCKED,
                    ROW_FILLED,
                    ROW_LIVE -> NODE;
            case SLOT_ENTERING,
                    GROUP_JOINED,
                    CLAIM_TRIED,
                    CLAIM_DECIDED,
                    CLAIM_COMPLETED,
                    MESSAGE_FINISHED,
                    SLOT_LEAVING,
                    GROUP_LEFT,
                    SLOT_RETURNED,
                    SLOT_ADOPTED -> MEMBER;
            case ROW_REAPING,
                    SLOT_PROVEN,
                    SLOT_FREED,
                    RINGS_CLEARED,
                    TEMPORARIES_CLEARED,
                    ORPHANS_CLEARED,
                    SIGNAL_LEFT,
                    ROW_CLEARED -> REAPER;
        };
    }

    /** All points of one victim. */
    public List<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values())
                .filter(point -> of(point) == this)
                .toList();
    }
}
