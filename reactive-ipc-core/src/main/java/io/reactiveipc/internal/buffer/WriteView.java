package io.reactiveipc.internal.buffer;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/** A {@link ReadView} that can also be written through, under the same checks. */
public final class WriteView extends ReadView implements ComposedWrites {
    private static final MutableDirectBuffer NOTHING = new VarHandleBuffer(ByteBuffer.allocate(0));

    /** Asked once, where a publication is opened and not with its first message: to link takes its time. */
    private static final boolean COPIES = NativeCopy.isAvailable();

    private MutableDirectBuffer target = NOTHING;

    private final boolean shared;

    /** For {@link NativeCopy}, or 0. */
    private long copyOrigin;

    /** A view of memory that other processes read. */
    public WriteView() {
        this(true);
    }

    /** @param shared whether others read the memory. If not, no line of it has to come from another core, and the JDK's copy is the best. */
    public WriteView(boolean shared) {
        this.shared = shared;
    }

    /** The target of a view for writing must be a {@link MutableDirectBuffer}. */
    @Override
    void changeTarget(DirectBuffer next) {
        if (!(next instanceof MutableDirectBuffer mutable)) {
            throw new IllegalArgumentException("a view for writing needs a MutableDirectBuffer: " + next);
        }
        copyOrigin = COPIES && shared ? NativeCopy.addressOf(next) : 0;
        super.changeTarget(next);
        target = mutable;
    }

    @Override
    public void putLong(int index, long value) {
        int checked = check(index, Long.BYTES);
        if (isNative()) {
            UnsafeApi.putLong(address() + checked, value);
        } else {
            target.putLong(base() + checked, value);
        }
    }

    @Override
    public void putInt(int index, int value) {
        int checked = check(index, Integer.BYTES);
        if (isNative()) {
            UnsafeApi.putInt(address() + checked, value);
        } else {
            target.putInt(base() + checked, value);
        }
    }

    @Override
    public void putShort(int index, short value) {
        int checked = check(index, Short.BYTES);
        if (isNative()) {
            UnsafeApi.putShort(address() + checked, value);
        } else {
            target.putShort(base() + checked, value);
        }
    }

    @Override
    public void putByte(int index, byte value) {
        int checked = check(index, Byte.BYTES);
        if (isNative()) {
            UnsafeApi.putByte(address() + checked, value);
        } else {
            target.putByte(base() + checked, value);
        }
    }

    @Override
    public void putBytes(int index, byte[] src, int offset, int length) {
        int start = at(index, length);
        if (copiesNatively(length)) {
            NativeCopy.copy(src, offset, copyOrigin + start, length);
            Reference.reachabilityFence(target);
        } else if (isNative()) {
            Objects.checkFromIndexSize(offset, length, src.length);
            UnsafeApi.copyMemory(src, BufferUtil.ARRAY_BASE_OFFSET + offset, null, addressOf(start), length);
        } else {
            target.putBytes(start, src, offset, length);
        }
    }

    /** Whether so many bytes of an array go by {@link NativeCopy}. */
    boolean copiesNatively(int length) {
        return COPIES && length >= NativeCopy.MIN_LENGTH && copyOrigin != 0;
    }

    @Override
    public void putBytes(int index, ByteBuffer srcBuffer, int srcIndex, int length) {
        target.putBytes(at(index, length), srcBuffer, srcIndex, length);
    }

    /** The source pushes: a view, which has no address, can be a source that way. */
    @Override
    public void putBytes(int index, DirectBuffer srcBuffer, int srcIndex, int length) {
        srcBuffer.getBytes(srcIndex, target, at(index, length), length);
    }
}
