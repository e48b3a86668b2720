package io.reactiveipc.internal.buffer;

import io.reactiveipc.spi.MemoryCopy;
import java.lang.ref.Reference;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** By {@link NativeCopy} where it may be used for both buffers, else as the buffers do. */
public final class BufferCopy implements MemoryCopy {
    private final DirectBuffer from;
    private final MutableDirectBuffer to;
    private final long fromAddress;
    private final long toAddress;

    public BufferCopy(DirectBuffer from, MutableDirectBuffer to) {
        this.from = from;
        this.to = to;
        this.fromAddress = NativeCopy.addressOf(from);
        this.toAddress = NativeCopy.addressOf(to);
    }

    @Override
    public void copy(int fromIndex, int toIndex, int length) {
        if (isNative()) {
            NativeCopy.copy(fromAddress + fromIndex, toAddress + toIndex, length);
            Reference.reachabilityFence(from);
            Reference.reachabilityFence(to);
        } else {
            from.getBytes(fromIndex, to, toIndex, length); // the source pushes, as it may have no address to give
        }
    }

    boolean isNative() {
        return fromAddress != 0 && toAddress != 0;
    }
}
