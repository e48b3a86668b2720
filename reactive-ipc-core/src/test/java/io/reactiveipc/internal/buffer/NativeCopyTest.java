package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NativeCopyTest {
    @Test
    void itIsThereWhereTheJvmAllowsItAndNowhereElse() {
        boolean allowed =
                ManagementFactory.getRuntimeMXBean().getInputArguments().contains(NativeCopy.FLAG);

        assertThat(NativeCopy.isAvailable())
                .isEqualTo(allowed && Runtime.version().feature() >= 22);
    }

    @Test
    void itKnowsWhereTheMemoryOutsideOfTheHeapIsAndKeepsOffAllOther() {
        ByteBuffer direct = ByteBuffer.allocateDirect(64);
        long start = NativeCopy.addressOf(new VarHandleBuffer(direct));

        assertThat(start != 0).isEqualTo(NativeCopy.isAvailable());
        assertThat(NativeCopy.addressOf(new VarHandleBuffer(direct.slice(24, 8))))
                .isEqualTo(start == 0 ? 0 : start + 24);
        assertThat(NativeCopy.addressOf(new VarHandleBuffer(direct.position(8))))
                .as("the whole buffer, wherever its position is")
                .isEqualTo(start);
        assertThat(NativeCopy.addressOf(new VarHandleBuffer(direct.asReadOnlyBuffer())))
                .isZero();
        assertThat(NativeCopy.addressOf(new VarHandleBuffer(ByteBuffer.allocate(64))))
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("atomicKinds")
    void viewsOfRingsUseItForLongArraysOnly(String name, IntFunction<AtomicBuffer> kind) {
        WriteView view = new WriteView();
        view.bind(kind.apply(4096), 0, 4096);

        assertThat(view.copiesNatively(NativeCopy.MIN_LENGTH)).isEqualTo(NativeCopy.isAvailable());
        assertThat(view.copiesNatively(NativeCopy.MIN_LENGTH - 1)).isFalse();

        WriteView ofPrivateMemory = new WriteView(false);
        ofPrivateMemory.bind(kind.apply(4096), 0, 4096);
        assertThat(ofPrivateMemory.copiesNatively(4096)).isFalse();

        view.bind(new VarHandleBuffer(ByteBuffer.allocate(4096)), 0, 4096);
        assertThat(view.copiesNatively(4096)).as("on the heap").isFalse();
    }

    static Stream<Arguments> atomicKinds() {
        return Buffers.atomic().entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
    }

    @Test
    void aReadOnlyMappingRefusesALongArrayAsAShortOne() {
        WriteView view = new WriteView();
        view.bind(new VarHandleBuffer(Buffers.map(8192).readOnly()), 0, 8192);

        assertThatThrownBy(() -> view.putBytes(0, new byte[8192])).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void moreThanOneCallTakesArriveWhole() {
        int length = 2 * NativeCopy.MAX_STRIDE + 4321;
        byte[] content = new byte[length + 5];
        new Random(3).nextBytes(content);
        WriteView view = new WriteView();
        view.bind(new VarHandleBuffer(ByteBuffer.allocateDirect(length + 64)), 32, length);

        view.putBytes(0, content, 5, length);

        byte[] back = new byte[length];
        view.getBytes(0, back);
        assertThat(back).isEqualTo(Arrays.copyOfRange(content, 5, 5 + length));
    }

    @Test
    void aValueThatThereIsNotIsNamed() {
        assertThatCode(() -> NativeCopy.check("auto")).doesNotThrowAnyException();
        assertThatCode(() -> NativeCopy.check("jdk")).doesNotThrowAnyException();
        assertThatThrownBy(() -> NativeCopy.check("JDK"))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
                .hasMessageContaining(NativeCopy.PROPERTY + " must be auto or jdk: \"JDK\"");
    }
}
