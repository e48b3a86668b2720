package io.reactiveipc.internal.buffer;

import io.reactiveipc.spi.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * A window on a part of a buffer, with a lifetime: from {@link #bind} or {@link #open} to {@link #expire}, and again. Every access checks
 * both, in one comparison; outside the lifetime it throws {@link IllegalStateException} with the reason given to {@code
 * expire}. It gives neither address nor array away, so nothing can read on through it.
 *
 * <p>Not thread-safe: who binds, expires and reads orders these among themselves. Equality is identity; use {@link
 * #compareTo} for content.
 */
public class ReadView implements ComposedReads {
    /** No index fits it: one comparison finds both a bad index and a view whose time is over. */
    private static final int EXPIRED = -1;

    /**
     * So many bytes at most are copied to an array word by word: to a receiver, whose lines come from another core, that is less than
     * the JDK's copy with wide vectors (ADR 0010).
     */
    private static final int SHORT_COPY = 512;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private static final DirectBuffer NOTHING = new VarHandleBuffer(ByteBuffer.allocate(0));

    private DirectBuffer target = NOTHING;
    private int targetCapacity;
    private long origin;
    private long address;
    private int length = EXPIRED;
    private String why = "the view is not bound to a message yet";

    /**
     * Opens the view on {@code length} bytes of the target from {@code base} on.
     *
     * @param target whose place and capacity stay what they were when the view was first bound to it
     * @throws IndexOutOfBoundsException if they are not within the target; the view is as it was
     */
    public final void bind(DirectBuffer target, int base, int length) {
        checkWithin(target == this.target ? targetCapacity : target.capacity(), base, length);
        turnTo(target);
        open(base, length);
    }

    private static void checkWithin(int capacity, int base, int length) {
        int end = base + length;
        if ((base | length | end | (capacity - end)) < 0) {
            throw outOfBounds(base, length, capacity);
        }
    }

    /**
     * Chooses the target of {@link #open}, once for a loop: where a change of it is compiled in, nothing that the loop reads can stay in
     * registers. Only while the view is not open.
     */
    public final void turnTo(DirectBuffer target) {
        if (target != this.target) {
            changeTarget(target);
        }
    }

    void changeTarget(DirectBuffer next) {
        target = next;
        targetCapacity = next.capacity();
        origin = Memory.addressOf(next);
    }

    /**
     * Opens the view on bytes of the target that it was {@link #turnTo turned to}. Does not check that they are within it: for a range that a
     * ring has given out, which has checked it.
     */
    public final void open(int base, int length) {
        address = origin + base;
        this.length = length;
    }

    /**
     * Closes the view; idempotent, the last reason counts.
     *
     * @param why the whole text of the exceptions to come, with the repair
     */
    public void expire(String why) {
        length = EXPIRED;
        if (this.why != why) { // a reference costs its store a mark for the collector
            this.why = why;
        }
    }

    /** Closes the view, for the reason given last. */
    public final void expire() {
        length = EXPIRED;
    }

    @Override
    public final int capacity() {
        if (length < 0) {
            throw new IllegalStateException(why);
        }
        return length;
    }

    @Override
    public final void boundsCheck(int index, int length) {
        at(index, length);
    }

    /** Where in the target the bytes stand. */
    final int at(int index, int bytes) {
        if ((index | bytes | (index + bytes) | (length - (index + bytes))) < 0) {
            throw refusal(index, bytes);
        }
        return base() + index;
    }

    final boolean isNative() {
        return origin != 0;
    }

    /** The address of what {@link #at} gave, if {@link #isNative}. */
    final long addressOf(int start) {
        return origin + start;
    }

    /** The address of the first byte, if {@link #isNative}. */
    final long address() {
        return address;
    }

    /** Where in the target the first byte stands. */
    final int base() {
        return (int) (address - origin);
    }

    /** An index that may be read or written at: of all accesses to a message, the compiler makes one or two such checks. */
    final int check(int index, int bytes) {
        try {
            return Objects.checkIndex(index, length - (bytes - 1));
        } catch (IndexOutOfBoundsException e) {
            throw refusal(index, bytes);
        }
    }

    @Override
    public final long getLong(int index) {
        int checked = check(index, Long.BYTES);
        return origin != 0 ? UnsafeApi.getLong(address + checked) : target.getLong(base() + checked);
    }

    @Override
    public final int getInt(int index) {
        int checked = check(index, Integer.BYTES);
        return origin != 0 ? UnsafeApi.getInt(address + checked) : target.getInt(base() + checked);
    }

    @Override
    public final short getShort(int index) {
        int checked = check(index, Short.BYTES);
        return origin != 0 ? UnsafeApi.getShort(address + checked) : target.getShort(base() + checked);
    }

    @Override
    public final byte getByte(int index) {
        int checked = check(index, Byte.BYTES);
        return origin != 0 ? UnsafeApi.getByte(address + checked) : target.getByte(base() + checked);
    }

    @Override
    public final void getBytes(int index, byte[] dst, int offset, int length) {
        int start = at(index, length);
        if (length > SHORT_COPY) {
            target.getBytes(start, dst, offset, length);
        } else {
            Objects.checkFromIndexSize(offset, length, dst.length);
            copyWords(start, dst, offset, length);
        }
    }

    private void copyWords(int start, byte[] dst, int offset, int length) {
        int done = 0;
        if (origin != 0) {
            long from = addressOf(start);
            for (; done <= length - Long.BYTES; done += Long.BYTES) {
                WORDS.set(dst, offset + done, UnsafeApi.getLong(from + done));
            }
        } else {
            for (; done <= length - Long.BYTES; done += Long.BYTES) {
                WORDS.set(dst, offset + done, target.getLong(start + done));
            }
        }
        for (; done < length; done++) {
            dst[offset + done] = target.getByte(start + done);
        }
    }

    @Override
    public final void getBytes(int index, MutableDirectBuffer dstBuffer, int dstIndex, int length) {
        target.getBytes(at(index, length), dstBuffer, dstIndex, length);
    }

    @Override
    public final void getBytes(int index, ByteBuffer dstBuffer, int dstOffset, int length) {
        target.getBytes(at(index, length), dstBuffer, dstOffset, length);
    }

    /** Always null: an array would outlive the view. */
    @Override
    public final byte @Nullable [] byteArray() {
        return null;
    }

    /** Always null: a buffer would outlive the view. */
    @Override
    public final @Nullable ByteBuffer byteBuffer() {
        return null;
    }

    @Override
    public final int wrapAdjustment() {
        throw new UnsupportedOperationException("a view gives away nothing to adjust to; copy with getBytes");
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + (length < 0 ? "(" + why + ")" : "(" + length + " bytes)");
    }

    private RuntimeException refusal(int index, int bytes) {
        return length < 0 ? new IllegalStateException(why) : outOfBounds(index, bytes, length);
    }

    private static IndexOutOfBoundsException outOfBounds(int index, int length, int capacity) {
        return new IndexOutOfBoundsException("index " + index + ", length " + length + ", capacity " + capacity);
    }
}
