package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferCopyTest {
    private static final int CAPACITY = 32 * 1024;

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void itCopiesWhatItIsToldAndNothingElse(boolean fromOutside, boolean toOutside) {
        byte[] content = new byte[CAPACITY];
        new Random(5).nextBytes(content);
        AtomicBuffer from = buffer(fromOutside);
        from.putBytes(0, content);
        AtomicBuffer to = buffer(toOutside);
        BufferCopy copy = new BufferCopy(from, to);
        assertThat(copy.isNative()).isEqualTo(fromOutside && toOutside && NativeCopy.isAvailable());

        for (int length : new int[] {0, 1, 31, 64, 2048, 16 * 1024 + 5}) {
            byte[] expected = new byte[CAPACITY];
            to.putBytes(0, expected);
            System.arraycopy(content, 7, expected, 40, length);

            copy.copy(7, 40, length);

            byte[] found = new byte[CAPACITY];
            to.getBytes(0, found);
            assertThat(Arrays.equals(found, expected)).as("%d bytes", length).isTrue();
        }
    }

    private static AtomicBuffer buffer(boolean outside) {
        return new VarHandleBuffer(outside ? ByteBuffer.allocateDirect(CAPACITY) : ByteBuffer.allocate(CAPACITY));
    }
}
