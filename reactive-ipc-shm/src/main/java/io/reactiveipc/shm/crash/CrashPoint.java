package io.reactiveipc.shm.crash;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A place between two steps at which a process may die. The system property {@value #PROPERTY} names one and a count:
 * {@code record-stamped:3} halts the JVM at the third passage, without shutdown hooks, with {@value #EXIT_CODE}. With a file
 * behind it, as in {@code record-stamped:3:/tmp/held}, the passing thread creates the file instead and goes on when somebody
 * removes it: then a test knows where the process is when it stops it.
 *
 * <p>The property is read once. Without it, {@link #passed()} is a test of a constant, of which the JIT leaves nothing.
 */
public enum CrashPoint {
    // ---- writer: a message, a batch, the end of the ring, the end of the stream

    /** Room for a message is found, and nothing of it is written. */
    CLAIM_MADE,
    /** The payload is there and a part of the header. */
    HEADER_BEGUN,
    /** The whole record is there but for its stamp. */
    RECORD_UNSTAMPED,
    /** A stamp is stored, the tail not. */
    RECORD_STAMPED,
    /** The tail is published, nobody is woken. */
    TAIL_PUBLISHED,
    /** The first record of a batch is there, and its stamp held back. */
    BATCH_HELD_BACK,
    /** A record of a batch is staged, and not in the ring. */
    RECORD_STAGED,
    /** What was staged is in the ring, and the batch not committed. */
    STAGE_COPIED,
    /** A batch is committed, the tail not published. */
    BATCH_STAMPED,
    /** Padding is there but for its stamp. */
    PADDING_UNSTAMPED,
    /** Padding is committed, the record behind it not. */
    PADDING_STAMPED,
    /** The end record is there but for its stamp. */
    END_UNSTAMPED,
    /** The end record is committed, the final position not. */
    END_STAMPED,
    /** The final position is published, and the names are still there. */
    RING_ENDED,
    /** The publisher waits for room, and has said so. */
    WRITER_ARMED,

    // ---- doorbells

    /** The word that says that somebody sleeps is cleared, and nobody is woken. */
    SLEEPERS_FORGOTTEN,
    /** A sleeper's wish is taken from its slot, and not yet fulfilled. */
    SLOT_DISARMED,
    /** Connected to a doorbell that is not rung yet. */
    BELL_CONNECTED,
    /** The doorbell's socket has its name, and takes no calls. */
    BELL_BOUND,

    // ---- reader: join, read, leave

    /** A slot is JOINING. */
    SLOT_CLAIMED,
    /** A slot is JOINING and has a cursor. */
    CURSOR_SET,
    /** A slot is ACTIVE, and its cursor not final. */
    SLOT_ACTIVE,
    /** A message is found, and its bytes not given back. */
    MESSAGE_FOUND,
    /** Bytes are given back, and the publisher not told. */
    CURSOR_RELEASED,
    /** The reader wants to be woken. */
    READER_ARMED,
    /** The slot is given up, and the publisher not told. */
    SLOT_LEFT,

    // ---- queue groups

    /** A slot is ENTERING, and the group does not know. */
    SLOT_ENTERING,
    /** The claim word names a join, and the slot is ENTERING. */
    GROUP_JOINED,
    /** A claim is written into an entry, and not tried. */
    CLAIM_TRIED,
    /** The claim word names a claim, and its entry is tentative. */
    CLAIM_DECIDED,
    /** A message is claimed, and not delivered. */
    CLAIM_COMPLETED,
    /** A message is finished, and the publisher not told. */
    MESSAGE_FINISHED,
    /** A slot is LEAVING, and the group does not know. */
    SLOT_LEAVING,
    /** The claim word names a leave, and the slot is LEAVING. */
    GROUP_LEFT,
    /** A slot is RETURNED, and nobody told. */
    SLOT_RETURNED,
    /** A slot that was given back is adopted, and nothing of it delivered. */
    SLOT_ADOPTED,

    // ---- files

    /** The topic's lock is taken. */
    TOPIC_LOCKED,
    /** The stream's directory is there, and nothing in it. */
    DIRECTORY_CREATED,
    /** The temporary file is there, and empty. */
    FILE_CREATED,
    /** The temporary file has its length, and no header. */
    FILE_ZEROED,
    /** The temporary file is complete. */
    FILE_WRITTEN,
    /** The file has both names. */
    FILE_LINKED,
    /** The slot table is there, its ring not. */
    SLOTS_CREATED,
    /** The ring's name is gone, that of its slot table not. */
    RING_UNLINKED,
    /** A signal's counter is open, and its users do not name us. */
    SIGNAL_OPENED,
    /** A signal is counted, and nobody is woken. */
    SIGNAL_COUNTED,

    // ---- rows and what the dead left

    /** The row's byte is locked. */
    ROW_LOCKED,
    /** The row says who we are, and its word not that we live. */
    ROW_FILLED,
    /** The row is LIVE. */
    ROW_LIVE,
    /** The row is REAPING, and nothing is cleared away. */
    ROW_REAPING,
    /** A slot's owner is proven dead, and the slot is not freed. */
    SLOT_PROVEN,
    /** A dead owner's slot is freed. */
    SLOT_FREED,
    /** The rings of the dead in one topic have no names any more. */
    RINGS_CLEARED,
    /** The temporary files of the dead in one topic are gone. */
    TEMPORARIES_CLEARED,
    /** Slot tables without a ring are gone, and the directory not. */
    ORPHANS_CLEARED,
    /** A signal's users no longer name the dead. */
    SIGNAL_LEFT,
    /** All is cleared away, and the row is not FREE. */
    ROW_CLEARED;

    /** {@code <point>:<n>} or {@code <point>:<n>:<file>}. */
    public static final String PROPERTY = "reactive.ipc.crash";

    /** Exit code of a JVM that was halted. */
    public static final int EXIT_CODE = 71;

    private static final @Nullable String REQUESTED = System.getProperty(PROPERTY);
    private static final @Nullable Plan PLAN = REQUESTED == null ? null : Plan.parse(REQUESTED);

    /** Says that the thread is here. */
    public void passed() {
        if (PLAN != null) {
            PLAN.passed(this);
        }
    }

    /** The name in the property. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Where a wrong property is told: here, and not at some passage.
     *
     * @throws IpcException with {@link ErrorCode#CONFIGURATION}, naming the points
     */
    public static void requireValidProperty() {
        requireValid(REQUESTED);
    }

    static void requireValid(@Nullable String property) {
        if (property != null && Plan.parse(property) == null) {
            throw new IpcException(
                    ErrorCode.CONFIGURATION,
                    PROPERTY + " must be <point>:<n> or <point>:<n>:<file>, with n of 1 or more: \"" + property
                            + "\"; remove the property, or take one of the points "
                            + Arrays.stream(values()).map(CrashPoint::label).collect(Collectors.joining(", ")));
        }
    }

    /** What is to happen, where and when. */
    private record Plan(
            CrashPoint point, AtomicLong left, @Nullable Path held) {
        static @Nullable Plan parse(String property) {
            String[] parts = property.split(":", 3);
            for (CrashPoint point : values()) {
                if (parts.length >= 2 && parts[0].equals(point.label()) && parts[1].matches("[1-9][0-9]{0,8}")) {
                    return new Plan(
                            point,
                            new AtomicLong(Long.parseLong(parts[1])),
                            parts.length == 3 ? Path.of(parts[2]) : null);
                }
            }
            return null;
        }

        void passed(CrashPoint passing) {
            if (passing == point && left.decrementAndGet() == 0) {
                if (held == null) {
                    Runtime.getRuntime().halt(EXIT_CODE);
                } else {
                    hold(held);
                }
            }
        }

        private static void hold(Path file) {
            try {
                Files.createFile(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            while (Files.exists(file)) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
