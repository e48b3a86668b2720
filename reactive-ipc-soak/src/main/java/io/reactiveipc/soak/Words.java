package io.reactiveipc.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped file of 64-bit words. What a process stored in it before it was killed is there: a store is release, so it does
 * not come before what it tells of.
 */
final class Words {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer bytes;

    private Words(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Opens the file, and creates it with zeros if absent. */
    static Words open(Path path, int count) {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Words(file.map(MapMode.READ_WRITE, 0, (long) count * Long.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + path, e);
        }
    }

    long get(int index) {
        return (long) WORD.getAcquire(bytes, index * Long.BYTES);
    }

    void set(int index, long value) {
        WORD.setRelease(bytes, index * Long.BYTES, value);
    }

    void increment(int index) {
        set(index, get(index) + 1);
    }
}
