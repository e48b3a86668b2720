package io.reactiveipc.shm.ring;

import io.reactiveipc.Overflow;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a ring. A record is plain stores and, last, its stamp with release; inside a batch the first record's
 * stamp is held back until the end, so that readers find all of it at once. The slots are only looked at when what was known
 * to be free is used up: a message costs the same for one subscriber and for sixty.
 *
 * <p>Whoever is killed in here leaves bytes without a valid stamp, which no reader ever sees.
 */
public final class RingWriter implements RingProducer {
    /** Room always kept for the end record and the padding before it. */
    static final int END_RESERVE = 2048;

    /** The longest end record; the padding before it is shorter than that. */
    static final int MAX_END_RECORD = END_RESERVE / 2;

    /** Where nothing holds the writer back, it says so many times in a lap how far it will go. */
    private static final int STRIDES = 16;

    private static final int MAX_END_PAYLOAD = MAX_END_RECORD - RecordLayout.HEADER_LENGTH;

    /** Bytes of a batch, from which on readers had better begin while its writer goes on; in a small ring, this part of it. */
    private static final int LONGEST_BATCH = 64 * 1024;

    private static final int BATCHES = 8;

    private static final long NO_BATCH = -1;
    private static final long EMPTY_BATCH = -2;

    private final AtomicBuffer file;
    private final RingGeometry geometry;
    private final RingWords words;
    private final SlotWords slots;
    private final SlowestSubscriber subscribers;
    private final Ringer ringer;
    private final int maxSubscribers;
    private final String sessionId;
    private final Runnable onClose;
    private final int capacity;
    private final int mask;
    private final int maxMessageLength;
    private final boolean timestamps;
    private final int payloadOffset;
    private final int dataType;

    private final long initialPosition;
    private final boolean overwriting;
    private final int stride;
    private final int longestBatch;
    private final long evictNanos;
    private final long @Nullable [] history;

    private long position;
    private long limit;

    /** How far claims go without a look at anything: to the end of the room, of the lap, and of a batch as long as may be. */
    private long reach;

    private long intent;
    private long sequence;
    private long latest = RingLayout.NONE;
    private long blockedSince;
    private long blockedLimit;
    private boolean blocked;
    private final IntFunction<PeerInfo> nodes;
    private Consumer<PeerInfo> onEviction = peer -> {};
    private long batch = NO_BATCH;
    private long waits;
    private @Nullable Stage stage;
    private boolean stageable = true;

    /**
     * @param ring the whole mapped file, with its header
     * @param slots the whole mapped slot table
     * @param geometry what the header says
     * @param ringer wakes subscribers
     * @param patience how long a message waits for a subscriber before that is evicted, where the overflow is to evict
     * @param nodes who is in a node's row
     * @param onClose run once the stream has ended and nobody new shall attach
     */
    public RingWriter(
            AtomicBuffer ring,
            AtomicBuffer slots,
            RingGeometry geometry,
            Ringer ringer,
            Duration patience,
            IntFunction<PeerInfo> nodes,
            Runnable onClose) {
        this.file = ring;
        this.geometry = geometry;
        this.words = new RingWords(ring, geometry.capacity(), geometry.sessionKey());
        this.slots = new SlotWords(slots);
        this.subscribers = new SlowestSubscriber(slots, geometry);
        this.ringer = ringer;
        this.maxSubscribers = geometry.maxSubscribers();
        this.sessionId = geometry.sessionId();
        this.nodes = nodes;
        this.onClose = onClose;
        this.capacity = geometry.capacity();
        this.mask = geometry.capacity() - 1;
        this.maxMessageLength = geometry.maxMessageLength();
        this.timestamps = geometry.timestamps();
        this.payloadOffset = timestamps ? RecordLayout.TIMESTAMPED_PAYLOAD_OFFSET : RecordLayout.PAYLOAD_OFFSET;
        this.dataType = RecordLayout.DATA | (timestamps ? RecordLayout.FLAG_TIMESTAMP << 16 : 0);
        this.position = geometry.initialPosition();
        this.initialPosition = geometry.initialPosition();
        this.overwriting = geometry.overflow() == Overflow.Kind.OVERWRITE_OLDEST;
        this.evictNanos = geometry.overflow() == Overflow.Kind.EVICT_SLOW ? patience.toNanos() : Long.MAX_VALUE;
        this.stride = capacity / STRIDES;
        this.longestBatch = Math.min(LONGEST_BATCH, capacity / BATCHES);
        this.history = geometry.history() > 1 ? new long[geometry.history()] : null;
        this.intent = position;
        this.limit = position + capacity - END_RESERVE;
        raiseIntent(position + capacity);
    }

    @Override
    public void onEviction(Consumer<PeerInfo> listener) {
        onEviction = listener;
    }

    @Override
    public int tryClaim(int length) {
        closeStage();
        int required = recordLength(length);
        while (position + required > reach) {
            if (!extendReach(required)) {
                return FULL;
            }
        }
        CrashPoint.CLAIM_MADE.passed();
        return words.offset(position) + payloadOffset;
    }

    /**
     * Finds room for a record, if there is any, goes on to the next lap if what is left of this one is too short, and commits a
     * batch that would get too long.
     */
    private boolean extendReach(int required) {
        int toEnd = capacity - ((int) position & mask);
        int padding = required > toEnd ? toEnd : 0;
        long end = position + padding + required;
        if (end > limit) {
            if (!findRoom(padding + required, padding + required)) {
                return false;
            }
        } else if (batch >= 0 && end - batch > longestBatch) {
            commitBatch();
        }
        if (padding != 0) {
            writePadding(padding);
            toEnd = capacity;
        }
        reach = Math.min(limit, position + toEnd);
        if (batch != NO_BATCH) {
            long begun = batch == EMPTY_BATCH ? position : batch;
            reach = Math.min(reach, Math.max(begun + longestBatch, position + required));
        }
        return true;
    }

    @Override
    public void commit(int length) {
        long start = position;
        writeHeader(start, length);
        stamp(start, start + recordLength(length));
    }

    @Override
    public int tryClaimInBatch(int length) {
        if (batch < 0 || position + recordLength(length) > reach) {
            return FULL;
        }
        CrashPoint.CLAIM_MADE.passed();
        return words.offset(position) + payloadOffset;
    }

    @Override
    public void commitInBatch(int length) {
        long start = position;
        writeHeader(start, length);
        position = start + recordLength(length);
        words.stampPlain(start);
        CrashPoint.RECORD_STAMPED.passed();
    }

    @Override
    public boolean openStage(int length) {
        int required = recordLength(length);
        if (batch < 0 || required > Stage.LONGEST_RECORD || !makeStage()) {
            return false;
        }
        if (!stage.hasRoom(required)) {
            closeStage();
            stage.open(position, reach);
            reach = position; // nothing is at hand but by the stage
        }
        return stage.hasRoom(required);
    }

    /** Where the JVM has no more memory outside of the heap to give (-XX:MaxDirectMemorySize), it goes without. */
    private boolean makeStage() {
        if (stage == null && stageable) {
            try {
                stage = new Stage(file, words, geometry.sessionKey());
            } catch (OutOfMemoryError e) {
                stageable = false;
            }
        }
        return stage != null;
    }

    @Override
    public int tryClaimStaged(int length) {
        int required = recordLength(length);
        return stage != null && required <= Stage.LONGEST_RECORD && stage.hasRoom(required)
                ? stage.offset() + payloadOffset
                : FULL;
    }

    @Override
    public void commitStaged(int length) {
        if (history != null) {
            history[(int) (sequence % history.length)] = stage.position();
        }
        stage.add(recordLength(length), length, dataType, sequence++, timestamps);
    }

    @Override
    public MutableDirectBuffer stagingBuffer() {
        return stage.buffer();
    }

    /** Copies into the ring what is staged. */
    private void closeStage() {
        if (stage != null && stage.isOpen()) {
            if (!stage.isEmpty()) {
                latest = stage.latest();
                position = stage.position();
            }
            reach = stage.reach();
            stage.close();
        }
    }

    /** All of a message's record but what it carries and, last, its stamp. */
    private void writeHeader(long start, int length) {
        int offset = words.offset(start);
        words.lengthAndType(offset, length, dataType);
        if (timestamps) {
            file.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, System.nanoTime());
        }
        CrashPoint.HEADER_BEGUN.passed();
        latest = start;
        if (history != null) {
            history[(int) (sequence % history.length)] = start;
        }
        words.sequence(offset, sequence++);
        CrashPoint.RECORD_UNSTAMPED.passed();
    }

    private void writePadding(int length) {
        long start = position;
        int offset = words.offset(start);
        words.lengthAndType(offset, length - RecordLayout.HEADER_LENGTH, RecordLayout.PAD);
        words.sequence(offset, sequence);
        CrashPoint.PADDING_UNSTAMPED.passed();
        stamp(start, start + length);
        CrashPoint.PADDING_STAMPED.passed();
    }

    /** Commits the record from start to end, at once or as the first of a batch. */
    private void stamp(long start, long end) {
        position = end;
        if (batch >= 0) {
            words.stampPlain(start);
            CrashPoint.RECORD_STAMPED.passed();
        } else if (batch == EMPTY_BATCH) {
            batch = start;
            CrashPoint.BATCH_HELD_BACK.passed();
        } else {
            words.stampRelease(start);
            CrashPoint.RECORD_STAMPED.passed();
            publishTail();
            CrashPoint.TAIL_PUBLISHED.passed();
            wakeSleepers();
        }
    }

    private void publishTail() {
        words.latestRelease(latest);
        if (history != null) {
            words.retainedRelease(kept());
        }
        words.tailRelease(position);
    }

    @Override
    public void beginBatch() {
        batch = EMPTY_BATCH;
        reach = Math.min(reach, position + longestBatch);
    }

    @Override
    public void endBatch() {
        commitBatch();
        batch = NO_BATCH;
    }

    private void commitBatch() {
        if (batch >= 0) {
            closeStage();
            words.stampRelease(batch);
            CrashPoint.BATCH_STAMPED.passed();
            publishTail();
            batch = EMPTY_BATCH;
            wakeSleepers();
        }
    }

    private void wakeSleepers() {
        slots.wakeSleepers(maxSubscribers, ringer);
    }

    @Override
    public void arm(int loop) {
        words.waitingRelease(++waits << Byte.SIZE | (loop + 1));
        CrashPoint.WRITER_ARMED.passed();
        RingWords.storeLoadFence(); // SYNC D2: before the last look at the cursors
    }

    /**
     * Looks how far the subscribers are. What is open is committed before: they may be waiting for it.
     *
     * @return whether there is the least that the caller needs to go on
     */
    private boolean findRoom(long least, long wanted) {
        commitBatch();
        long kept = kept(); // SYNC R4: who joins there finds it all, as the limit leaves it alone
        if (overwriting) {
            limit = position + wanted + stride;
        } else {
            // The tail is published by now. SYNC R3, R4: a joiner either sees these words, or is seen by this scan.
            RingWords.storeLoadFence();
            limit = Math.min(kept, subscribers.positionOrEvict(position)) + capacity - END_RESERVE;
            if (position + least > limit && evictNanos != Long.MAX_VALUE) {
                evictIfPatienceEnded(position + least, kept);
            }
            blocked = position + least > limit;
        }
        reach = Math.min(reach, limit);
        raiseIntent(limit + END_RESERVE);
        return position + least <= limit;
    }

    /** The first message while that is in the first half, else as many of the newest ones as were promised. */
    private long kept() {
        if (position - initialPosition <= capacity / 2 || latest == RingLayout.NONE) {
            return initialPosition;
        }
        if (history == null) {
            return latest;
        }
        return sequence < history.length ? initialPosition : history[(int) (sequence % history.length)];
    }

    private void raiseIntent(long position) {
        if (position > intent) {
            intent = position;
            words.tailIntentBefore(position);
        }
    }

    private void evictIfPatienceEnded(long wanted, long kept) {
        long now = System.nanoTime();
        if (!blocked || limit > blockedLimit) { // whoever makes room is not too slow, however little it is
            blockedSince = now;
            blockedLimit = limit;
        } else if (now - blockedSince >= evictNanos) {
            long needed = wanted + END_RESERVE - capacity;
            long unmoved = blockedLimit + END_RESERVE - capacity + 1; // others have a patience of their own yet
            subscribers.evictBehind(Math.min(needed, unmoved), row -> onEviction.accept(nodes.apply(row)));
            limit = Math.min(kept, subscribers.positionOrEvict(position)) + capacity - END_RESERVE;
        }
    }

    @Override
    public long room(long least, long wanted) {
        if (overwriting) {
            return capacity / 2; // without saying that all of it will be overwritten
        }
        if (limit - position < wanted && limit - position < capacity - END_RESERVE) {
            findRoom(least, wanted);
        }
        return Math.max(0, limit - position);
    }

    @Override
    public void end(EndOfStream end) {
        commitBatch();
        batch = NO_BATCH;
        raiseIntent(position + END_RESERVE); // where the overflow is to overwrite, nothing is kept free
        byte[] text = endText(end);
        int required = RecordLayout.align(RecordLayout.HEADER_LENGTH + text.length);
        int toEnd = capacity - ((int) position & mask);
        if (required > toEnd) {
            writePadding(toEnd);
        }
        long start = position;
        int offset = words.offset(start);
        words.lengthAndType(offset, text.length, RecordLayout.EOS);
        words.sequence(offset, sequence);
        file.putBytes(offset + RecordLayout.PAYLOAD_OFFSET, text);
        CrashPoint.END_UNSTAMPED.passed();
        stamp(start, start + required);
        CrashPoint.END_STAMPED.passed();
        words.finalPositionRelease(position);
        CrashPoint.RING_ENDED.passed();
        wakeSleepers(); // who reads the newest only learns of the end by the final position
    }

    /** Nothing for a completion; class name, zero byte, message for an error; cut to the room kept for it. */
    private static byte[] endText(EndOfStream end) {
        if (end.kind() != EndOfStream.Kind.ERROR) {
            return new byte[0];
        }
        byte[] type = end.errorType().getBytes(StandardCharsets.UTF_8);
        byte[] message = end.errorMessage().getBytes(StandardCharsets.UTF_8);
        int typeLength = cut(type, MAX_END_PAYLOAD / 2);
        int messageLength = cut(message, MAX_END_PAYLOAD - typeLength - 1);
        byte[] text = new byte[typeLength + 1 + messageLength];
        System.arraycopy(type, 0, text, 0, typeLength);
        System.arraycopy(message, 0, text, typeLength + 1, messageLength);
        return text;
    }

    /** The length of the text, or less where it is too long, but not within a character. */
    private static int cut(byte[] utf8, int max) {
        int length = Math.min(utf8.length, max);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    @Override
    public void close() {
        onClose.run();
    }

    @Override
    public MutableDirectBuffer buffer() {
        return file;
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int recordLength(int messageLength) {
        return RecordLayout.align(payloadOffset + messageLength);
    }

    /** By the number of the newest one, which is not overwritten before there is a newer one. */
    @Override
    public long messages() {
        while (true) {
            long newest = words.latestAcquire();
            if (newest == RingLayout.NONE) {
                return 0;
            }
            long number = words.sequence(words.offset(newest));
            if (!words.isOverwritten(newest)) {
                return number + 1;
            }
        }
    }

    @Override
    public long position() {
        return words.tailAcquire();
    }

    @Override
    public boolean isDrainedTo(long wanted) {
        return subscribers.position(words.tailAcquire()) >= wanted;
    }

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public int blockedBy(int messageLength) {
        int required = recordLength(messageLength);
        int toEnd = capacity - ((int) position & mask);
        long end = position + required + (required > toEnd ? toEnd : 0);
        return overwriting ? 0 : subscribers.behind(end + END_RESERVE - capacity);
    }

    @Override
    public int subscriberCount() {
        return subscribers.active();
    }

    @Override
    public long freeBytes() {
        long tail = words.tailAcquire();
        if (overwriting) {
            return capacity - END_RESERVE;
        }
        long kept = tail - initialPosition <= capacity / 2 ? tail : words.keptAcquire(geometry);
        return Math.max(0, Math.min(kept, subscribers.position(tail)) + capacity - END_RESERVE - tail);
    }
}
