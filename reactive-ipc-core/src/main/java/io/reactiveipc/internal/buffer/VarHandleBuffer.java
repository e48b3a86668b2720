package io.reactiveipc.internal.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a {@link ByteBuffer}, from 0 to its capacity, through VarHandles: no JVM flag, no internal API. Native order is
 * little-endian. The memory lives as long as this object does. Thread-safe as far as the chosen access says.
 *
 * <p>Every access is checked: a bad index throws {@link IndexOutOfBoundsException}, a write to a read-only mapping {@link
 * java.nio.ReadOnlyBufferException}, an ordered or atomic access off its alignment {@link IllegalStateException}. Heap
 * memory has no alignment to rely on, so it is for plain access. Equality is identity.
 *
 * <p>Where another process cut the file under a mapping short, loads, stores and copies throw {@link InternalError}. An atomic
 * update (compareAndSet, getAndAdd…) may end the process there on Java 17, with any kind of buffer.
 */
public final class VarHandleBuffer implements AtomicBuffer, ComposedWrites {
    // Exact: a call whose types do not match would box its arguments; this makes it fail in the first test instead.
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle SHORT = view(short[].class);

    private final ByteBuffer memory;
    private final ByteBuffer wrapped;
    private final int capacity;

    public VarHandleBuffer(ByteBuffer buffer) {
        wrapped = buffer;
        // A limit of its own: the caller's may move.
        memory = buffer.duplicate().clear();
        capacity = buffer.capacity();
    }

    private static VarHandle view(Class<?> arrayType) {
        return MethodHandles.byteBufferViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN)
                .withInvokeExactBehavior();
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void boundsCheck(int index, int length) {
        Objects.checkFromIndexSize(index, length, capacity);
    }

    @Override
    public byte @Nullable [] byteArray() {
        return wrapped.hasArray() ? wrapped.array() : null;
    }

    @Override
    public ByteBuffer byteBuffer() {
        return wrapped;
    }

    @Override
    public int wrapAdjustment() {
        return wrapped.hasArray() ? wrapped.arrayOffset() : 0;
    }

    @Override
    public void verifyAlignment() {
        if (!memory.isDirect()) {
            throw new IllegalStateException(
                    "heap memory has no alignment for atomic access; use a direct or mapped buffer");
        }
        int misalignment = memory.alignmentOffset(0, ALIGNMENT);
        if (misalignment != 0) {
            throw new IllegalStateException("the memory starts " + misalignment + " bytes after a multiple of "
                    + ALIGNMENT + "; map or allocate it from a page or with alignedSlice(" + ALIGNMENT + ")");
        }
    }

    @Override
    public long getLong(int index) {
        return (long) LONG.get(memory, index);
    }

    @Override
    public void putLong(int index, long value) {
        LONG.set(memory, index, value);
    }

    @Override
    public int getInt(int index) {
        return (int) INT.get(memory, index);
    }

    @Override
    public void putInt(int index, int value) {
        INT.set(memory, index, value);
    }

    @Override
    public short getShort(int index) {
        return (short) SHORT.get(memory, index);
    }

    @Override
    public void putShort(int index, short value) {
        SHORT.set(memory, index, value);
    }

    @Override
    public byte getByte(int index) {
        return memory.get(index);
    }

    @Override
    public void putByte(int index, byte value) {
        memory.put(index, value);
    }

    @Override
    public void getBytes(int index, byte[] dst, int offset, int length) {
        memory.get(index, dst, offset, length);
    }

    @Override
    public void getBytes(int index, MutableDirectBuffer dstBuffer, int dstIndex, int length) {
        boundsCheck(index, length);
        dstBuffer.putBytes(dstIndex, memory, index, length);
    }

    @Override
    public void getBytes(int index, ByteBuffer dstBuffer, int dstOffset, int length) {
        whole(dstBuffer).put(dstOffset, memory, index, length);
    }

    @Override
    public void putBytes(int index, byte[] src, int offset, int length) {
        memory.put(index, src, offset, length);
    }

    @Override
    public void putBytes(int index, ByteBuffer srcBuffer, int srcIndex, int length) {
        memory.put(index, whole(srcBuffer), srcIndex, length);
    }

    @Override
    public void putBytes(int index, DirectBuffer srcBuffer, int srcIndex, int length) {
        if (srcBuffer instanceof VarHandleBuffer source) {
            memory.put(index, source.memory, srcIndex, length);
        } else if (srcBuffer instanceof ReadView) {
            srcBuffer.getBytes(srcIndex, this, index, length);
        } else {
            srcBuffer.boundsCheck(srcIndex, length);
            byte[] array = srcBuffer.byteArray();
            ByteBuffer buffer = srcBuffer.byteBuffer();
            if (array != null) {
                memory.put(index, array, srcBuffer.wrapAdjustment() + srcIndex, length);
            } else if (buffer != null) {
                memory.put(index, whole(buffer), srcBuffer.wrapAdjustment() + srcIndex, length);
            } else {
                // Wrapped around a bare address, which only its owner may follow.
                boundsCheck(index, length);
                byte[] copy = new byte[length];
                srcBuffer.getBytes(srcIndex, copy);
                memory.put(index, copy);
            }
        }
    }

    /** Agrona counts to the capacity, not to the limit. */
    private static ByteBuffer whole(ByteBuffer buffer) {
        return buffer.limit() == buffer.capacity() ? buffer : buffer.duplicate().clear();
    }

    @Override
    public long getLongVolatile(int index) {
        return (long) LONG.getVolatile(memory, index);
    }

    @Override
    public long getLongAcquire(int index) {
        return (long) LONG.getAcquire(memory, index);
    }

    @Override
    public long getLongOpaque(int index) {
        return (long) LONG.getOpaque(memory, index);
    }

    @Override
    public void putLongVolatile(int index, long value) {
        LONG.setVolatile(memory, index, value);
    }

    @Override
    public void putLongOrdered(int index, long value) {
        LONG.setRelease(memory, index, value);
    }

    @Override
    public void putLongRelease(int index, long value) {
        LONG.setRelease(memory, index, value);
    }

    @Override
    public void putLongOpaque(int index, long value) {
        LONG.setOpaque(memory, index, value);
    }

    @Override
    public long addLongOrdered(int index, long increment) {
        return addLongRelease(index, increment);
    }

    @Override
    public long addLongRelease(int index, long increment) {
        return (long) LONG.getAndAddRelease(memory, index, increment);
    }

    /** Not atomic: for a word with one writer. */
    @Override
    public long addLongOpaque(int index, long increment) {
        long old = getLongOpaque(index);
        putLongOpaque(index, old + increment);
        return old;
    }

    @Override
    public boolean compareAndSetLong(int index, long expectedValue, long updateValue) {
        return LONG.compareAndSet(memory, index, expectedValue, updateValue);
    }

    @Override
    public long compareAndExchangeLong(int index, long expectedValue, long updateValue) {
        return (long) LONG.compareAndExchange(memory, index, expectedValue, updateValue);
    }

    @Override
    public long getAndSetLong(int index, long value) {
        return (long) LONG.getAndSet(memory, index, value);
    }

    @Override
    public long getAndAddLong(int index, long delta) {
        return (long) LONG.getAndAdd(memory, index, delta);
    }

    @Override
    public int getIntVolatile(int index) {
        return (int) INT.getVolatile(memory, index);
    }

    @Override
    public int getIntAcquire(int index) {
        return (int) INT.getAcquire(memory, index);
    }

    @Override
    public int getIntOpaque(int index) {
        return (int) INT.getOpaque(memory, index);
    }

    @Override
    public void putIntVolatile(int index, int value) {
        INT.setVolatile(memory, index, value);
    }

    @Override
    public void putIntOrdered(int index, int value) {
        INT.setRelease(memory, index, value);
    }

    @Override
    public void putIntRelease(int index, int value) {
        INT.setRelease(memory, index, value);
    }

    @Override
    public void putIntOpaque(int index, int value) {
        INT.setOpaque(memory, index, value);
    }

    @Override
    public int addIntOrdered(int index, int increment) {
        return addIntRelease(index, increment);
    }

    @Override
    public int addIntRelease(int index, int increment) {
        return (int) INT.getAndAddRelease(memory, index, increment);
    }

    /** Not atomic: for a word with one writer. */
    @Override
    public int addIntOpaque(int index, int increment) {
        int old = getIntOpaque(index);
        putIntOpaque(index, old + increment);
        return old;
    }

    @Override
    public boolean compareAndSetInt(int index, int expectedValue, int updateValue) {
        return INT.compareAndSet(memory, index, expectedValue, updateValue);
    }

    @Override
    public int compareAndExchangeInt(int index, int expectedValue, int updateValue) {
        return (int) INT.compareAndExchange(memory, index, expectedValue, updateValue);
    }

    @Override
    public int getAndSetInt(int index, int value) {
        return (int) INT.getAndSet(memory, index, value);
    }

    @Override
    public int getAndAddInt(int index, int delta) {
        return (int) INT.getAndAdd(memory, index, delta);
    }

    @Override
    public short getShortVolatile(int index) {
        return (short) SHORT.getVolatile(memory, index);
    }

    @Override
    public void putShortVolatile(int index, short value) {
        SHORT.setVolatile(memory, index, value);
    }

    @Override
    public char getCharVolatile(int index) {
        return (char) getShortVolatile(index);
    }

    @Override
    public void putCharVolatile(int index, char value) {
        putShortVolatile(index, (short) value);
    }

    /** There is no VarHandle for single bytes, so fences stand around a plain access. */
    @Override
    public byte getByteVolatile(int index) {
        VarHandle.fullFence();
        byte value = memory.get(index);
        VarHandle.acquireFence();
        return value;
    }

    @Override
    public void putByteVolatile(int index, byte value) {
        VarHandle.releaseFence();
        memory.put(index, value);
        VarHandle.fullFence();
    }

    @Override
    public String toString() {
        return "VarHandleBuffer(" + capacity + (memory.isReadOnly() ? " bytes, read-only)" : " bytes)");
    }
}
