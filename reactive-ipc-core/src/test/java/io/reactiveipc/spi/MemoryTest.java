package io.reactiveipc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.internal.buffer.VarHandleBuffer;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemoryTest {
    private static final boolean EXPORTED =
            Object.class.getModule().isExported("jdk.internal.misc", BitUtil.class.getModule());

    private final String property = System.getProperty(Memory.PROPERTY);

    @AfterEach
    void restoreProperty() {
        if (property == null) {
            System.clearProperty(Memory.PROPERTY);
        } else {
            System.setProperty(Memory.PROPERTY, property);
        }
    }

    @Test
    void agronasBufferIsTakenWhereTheJvmLetsIt() {
        assertThat(Memory.mode()).isEqualTo(EXPORTED ? "unsafe" : "varhandle");
        for (AtomicBuffer buffer : new AtomicBuffer[] {
            Memory.wrap(ByteBuffer.allocateDirect(64)), Memory.wrap(ByteBuffer.allocate(64)), Memory.wrap(new byte[64])
        }) {
            assertThat(buffer instanceof VarHandleBuffer).isNotEqualTo(EXPORTED);
            assertThat(buffer.capacity()).isEqualTo(64);
            buffer.putLong(56, 1);
            assertThat(buffer.getByte(56)).isEqualTo((byte) 1);
        }
    }

    @Test
    void theBufferKeepsWhatItWrapsReachable() {
        ByteBuffer mapped = ByteBuffer.allocateDirect(64);
        assertThat(Memory.wrap(mapped).byteBuffer()).isSameAs(mapped);
    }

    @Test
    void bothModesSeeTheSameBytes() {
        ByteBuffer memory = ByteBuffer.allocateDirect(64);
        AtomicBuffer one = Memory.wrap(memory);
        AtomicBuffer other = new VarHandleBuffer(memory);
        one.putLongRelease(8, 0x1122_3344_5566_7788L);
        assertThat(other.getLongAcquire(8)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(other.compareAndSetInt(12, 0x1122_3344, -1)).isTrue();
        assertThat(one.getIntVolatile(12)).isEqualTo(-1);
    }

    @Test
    void thePropertyForcesVarHandlesAndAgronasBufferIsNeverLoaded() throws Exception {
        System.setProperty(Memory.PROPERTY, "varhandle");
        IsolatedClasses classes = new IsolatedClasses();
        Class<?> memory = classes.loadClass(Memory.class.getName());
        assertThat(memory).isNotSameAs(Memory.class);
        assertThat(memory.getMethod("mode").invoke(null)).isEqualTo("varhandle");
        Object buffer = memory.getMethod("wrap", ByteBuffer.class).invoke(null, ByteBuffer.allocateDirect(64));
        buffer.getClass().getMethod("putLongRelease", int.class, long.class).invoke(buffer, 8, 5L);
        assertThat(buffer.getClass().getMethod("getLongAcquire", int.class).invoke(buffer, 8))
                .isEqualTo(5L);
        assertThat(classes.loaded())
                .contains(VarHandleBuffer.class.getName(), AtomicBuffer.class.getName())
                .doesNotContain("org.agrona.concurrent.UnsafeBuffer", "org.agrona.BufferUtil", "org.agrona.UnsafeApi");
    }

    @Test
    void unsafeWithoutTheExportNamesTheFlag() {
        assertThat(Memory.choose("unsafe", false)).isEqualTo(Memory.Choice.NOT_EXPORTED);
        assertThat(Memory.refusal(Memory.Choice.NOT_EXPORTED, "unsafe"))
                .hasMessageContaining("--add-exports java.base/jdk.internal.misc=ALL-UNNAMED")
                .extracting(IpcException::code)
                .isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(Memory.choose("unsafe", true)).isEqualTo(Memory.Choice.UNSAFE);
    }

    @Test
    void autoAndNothingFollowTheExport() {
        assertThat(Memory.choose(null, true)).isEqualTo(Memory.Choice.UNSAFE);
        assertThat(Memory.choose(null, false)).isEqualTo(Memory.Choice.VARHANDLE);
        assertThat(Memory.choose("auto", true)).isEqualTo(Memory.Choice.UNSAFE);
        assertThat(Memory.choose("auto", false)).isEqualTo(Memory.Choice.VARHANDLE);
        assertThat(Memory.choose("varhandle", true)).isEqualTo(Memory.Choice.VARHANDLE);
    }

    @Test
    void aWrongPropertyNamesTheRightOnesAtEveryCall() throws Exception {
        System.setProperty(Memory.PROPERTY, "Unsafe");
        Class<?> memory = new IsolatedClasses().loadClass(Memory.class.getName());
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> memory.getMethod("wrap", byte[].class).invoke(null, new byte[8]))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessage("reactive.ipc.memory must be auto, unsafe or varhandle: \"Unsafe\"");
            assertThatThrownBy(() -> memory.getMethod("mode").invoke(null))
                    .isInstanceOf(InvocationTargetException.class);
        }
        assertThatCode(Memory::mode).doesNotThrowAnyException();
    }
}
