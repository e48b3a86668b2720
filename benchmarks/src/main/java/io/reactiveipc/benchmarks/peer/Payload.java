package io.reactiveipc.benchmarks.peer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;

/**
 * A message to write: words of eight bytes, namely its sequence, a time, a checksum over everything, and a piece of random
 * data that differs from one message to the next seven. One object can be many messages, one after the other; not thread-safe.
 */
public final class Payload {
    /** The three words that every message has. */
    public static final int MIN_LENGTH = 24;

    static final int SEQUENCE = 0;
    static final int TIME = 8;
    static final int CHECKSUM = 16;
    static final int BODY = 24;

    /** More than any operator asks for ahead. */
    private static final int IN_FLIGHT = 1024;

    private static final int SHIFTS = 8;
    private static final int COPIED_BY_WORD = 64;

    private final int length;
    private final long[] words;
    private final byte[] bytes;
    private final long[] sums;
    private long sequence;
    private long time;
    private Payload[] flight = {};

    /** @param length bytes, a multiple of eight and at least {@value #MIN_LENGTH} */
    public Payload(int length) {
        if (length < MIN_LENGTH || (length & 7) != 0) {
            throw new IllegalArgumentException("a payload must have " + MIN_LENGTH
                    + " bytes or more, in words of eight: " + length + "; take " + Math.max(32, (length + 7) & ~7));
        }
        this.length = length;
        sums = new long[SHIFTS];
        words = new Random(length).longs((length - BODY) / 8 + SHIFTS).toArray();
        bytes = new byte[words.length * 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asLongBuffer().put(words);
        for (int shift = 0; shift < SHIFTS; shift++) {
            Checksum sum = new Checksum();
            for (int i = 0; i < (length - BODY) / 8; i++) {
                sum.add(i, words[shift + i]);
            }
            sums[shift] = sum.value();
        }
    }

    /** Makes this the message of that number, without a time. */
    public Payload of(long sequence) {
        return of(sequence, 0);
    }

    public Payload of(long sequence, long time) {
        this.sequence = sequence;
        this.time = time;
        return this;
    }

    public int length() {
        return length;
    }

    public long sequence() {
        return sequence;
    }

    private Payload(Payload other) {
        length = other.length;
        words = other.words;
        bytes = other.bytes;
        sums = other.sums;
    }

    /** Writes the message, {@link #length()} bytes. */
    public void writeTo(MutableDirectBuffer buffer, int offset) {
        int shift = (int) sequence & (SHIFTS - 1);
        buffer.putLong(offset + SEQUENCE, sequence);
        buffer.putLong(offset + TIME, time);
        buffer.putLong(offset + CHECKSUM, Checksum.of(sequence, time, sums[shift]));
        int body = length - BODY;
        if (length <= COPIED_BY_WORD) {
            writeFewWords(buffer, offset + BODY, shift, body);
        } else {
            buffer.putBytes(offset + BODY, bytes, shift * 8, body);
        }
    }

    /** Each by itself, and asked no more than its length needs: for so few a loop costs more than they do, and all contenders would pay for it. */
    private void writeFewWords(MutableDirectBuffer buffer, int offset, int first, int length) {
        if (length <= 0) {
            return;
        }
        buffer.putLong(offset, words[first]);
        if (length > 8) {
            buffer.putLong(offset + 8, words[first + 1]);
            if (length > 16) {
                buffer.putLong(offset + 16, words[first + 2]);
                if (length > 24) {
                    buffer.putLong(offset + 24, words[first + 3]);
                    if (length > 32) {
                        buffer.putLong(offset + 32, words[first + 4]);
                    }
                }
            }
        }
    }

    /** So many messages in a row, as a source has them. The last {@value #IN_FLIGHT} are objects of their own. */
    Iterable<Payload> run(long first, int count) {
        if (flight.length == 0) {
            flight = new Payload[IN_FLIGHT];
            Arrays.setAll(flight, i -> new Payload(this));
        }
        return new Run(flight, first, count);
    }

    /** As a collection is one, with a spliterator of its own: Reactor asks for that, and would have to make one of an iterator. */
    private record Run(Payload[] objects, long first, int count) implements Iterable<Payload> {
        @Override
        public Iterator<Payload> iterator() {
            return Spliterators.iterator(spliterator());
        }

        @Override
        public Spliterator<Payload> spliterator() {
            return new Spliterators.AbstractSpliterator<>(
                    count, Spliterator.SIZED | Spliterator.ORDERED | Spliterator.NONNULL) {
                private int index;

                @Override
                public boolean tryAdvance(Consumer<? super Payload> action) {
                    if (index == count) {
                        return false;
                    }
                    Payload next = objects[index & (IN_FLIGHT - 1)];
                    action.accept(next.of(first + index++));
                    return true;
                }
            };
        }
    }
}
