package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VarHandleBufferTest {
    @Test
    void aReadOnlyMappingIsReadAsItIsWritten() {
        Buffers.Mapping mapping = Buffers.map(256);
        byte[] content = new byte[256];
        new Random(3).nextBytes(content);
        mapping.writable().put(0, content);
        VarHandleBuffer reader = new VarHandleBuffer(mapping.readOnly());

        byte[] read = new byte[256];
        reader.getBytes(0, read);
        assertThat(read).isEqualTo(content);
        VarHandleBuffer writer = new VarHandleBuffer(mapping.writable());
        for (int index = 0; index < 256; index += 8) {
            assertThat(reader.getLong(index)).isEqualTo(writer.getLong(index));
            assertThat(reader.getLongAcquire(index)).isEqualTo(writer.getLong(index));
            assertThat(reader.getLongVolatile(index)).isEqualTo(writer.getLong(index));
            assertThat(reader.getIntAcquire(index)).isEqualTo(writer.getInt(index));
        }
        writer.putLongRelease(8, 42);
        assertThat(reader.getLongAcquire(8)).isEqualTo(42);
        VarHandleBuffer copy = new VarHandleBuffer(ByteBuffer.allocate(256));
        reader.getBytes(0, copy, 0, 256);
        assertThat(copy.compareTo(reader)).isZero();
        copy.putBytes(0, reader, 8, 8);
        assertThat(copy.getLong(0)).isEqualTo(42);
    }

    @Test
    void everyWriteToAReadOnlyMappingThrowsAndTheProcessLives() throws Exception {
        DirectBuffer before = new VarHandleBuffer(Buffers.map(64).readOnly());
        VarHandleBuffer buffer = new VarHandleBuffer(Buffers.map(64).readOnly());
        int writes = 0;
        for (Method method : writes()) {
            // Of a string of 8 characters, nothing is left to write from the eighth on.
            int number = method.getName().equals("putStringWithoutLengthAscii") ? 4 : 8;
            assertThatThrownBy(() -> Calls.invoke(method, buffer, number))
                    .as(method.toString())
                    .isInstanceOf(ReadOnlyBufferException.class);
            writes++;
        }
        assertThat(writes).isGreaterThan(60);
        assertThat(buffer.compareTo(before)).isZero();
    }

    /** Everything of the two interfaces for writing that is no read. */
    private static List<Method> writes() {
        List<Method> writes = new ArrayList<>();
        for (Class<?> type : List.of(MutableDirectBuffer.class, AtomicBuffer.class)) {
            for (Method method : type.getDeclaredMethods()) {
                String name = method.getName();
                boolean read = name.equals("isExpandable")
                        || name.equals("verifyAlignment")
                        || name.startsWith("get") && !name.startsWith("getAnd");
                if (!read && !Modifier.isStatic(method.getModifiers())) {
                    writes.add(method);
                }
            }
        }
        return writes;
    }

    @Test
    void theLimitAndPositionOfTheBufferDoNotMatter() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        buffer.position(8).limit(16);
        VarHandleBuffer wrapped = new VarHandleBuffer(buffer);
        assertThat(wrapped.capacity()).isEqualTo(64);
        wrapped.putLong(56, 7);
        buffer.limit(9);
        assertThat(wrapped.getLong(56)).isEqualTo(7);
        assertThat(wrapped.byteBuffer()).isSameAs(buffer);
    }

    @Test
    void itNeitherMovesNorGivesItsAddressAway() throws InvocationTargetException {
        VarHandleBuffer buffer = new VarHandleBuffer(ByteBuffer.allocateDirect(64));
        assertThatThrownBy(buffer::addressOffset)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("getBytes");
        for (Method method : DirectBuffer.class.getDeclaredMethods()) {
            if (method.getName().equals("wrap")) {
                assertThatThrownBy(() -> Calls.invoke(method, buffer, 0))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("getBytes");
            }
        }
        assertThat(buffer.isExpandable()).isFalse();
        assertThat(buffer.byteArray()).isNull();
        assertThat(buffer.wrapAdjustment()).isZero();
    }

    @Test
    void anArrayIsReachedThroughItsAdjustment() {
        byte[] array = new byte[32];
        VarHandleBuffer buffer = new VarHandleBuffer(ByteBuffer.wrap(array).slice(4, 16));
        buffer.putByte(2, (byte) 1);
        assertThat(buffer.byteArray()).isSameAs(array);
        assertThat(array[buffer.wrapAdjustment() + 2]).isEqualTo((byte) 1);
    }
}
