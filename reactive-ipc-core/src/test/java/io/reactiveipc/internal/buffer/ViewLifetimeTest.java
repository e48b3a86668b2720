package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.spi.Memory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ViewLifetimeTest {
    private static final String RELEASED = "the message was released; copy it with toByteArray() to keep it";

    /** What tells nothing about the bytes and is the same before and after. */
    private static final Set<String> TIMELESS = Set.of("byteArray", "byteBuffer", "isExpandable");

    /** What a view never does. */
    private static final Set<String> REFUSED = Set.of("wrap", "addressOffset", "wrapAdjustment");

    private final AtomicBuffer ring = Memory.wrap(ByteBuffer.allocateDirect(256));
    private final WriteView view = new WriteView();

    @BeforeEach
    void fill() {
        for (int i = 0; i < 256; i++) {
            ring.putByte(i, (byte) i);
        }
    }

    static Stream<Method> accesses() {
        return List.<Class<?>>of(DirectBuffer.class, MutableDirectBuffer.class, Comparable.class).stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accesses")
    void noAccessOutlivesTheView(Method method) throws Throwable {
        view.bind(ring, 64, 64);
        view.expire(RELEASED);
        for (int number : new int[] {0, 1, 8, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            if (TIMELESS.contains(method.getName())) {
                assertThat(Calls.invoke(method, view, number)).isIn(null, false);
            } else if (REFUSED.contains(method.getName())) {
                assertThatThrownBy(() -> Calls.invoke(method, view, number))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("getBytes");
            } else {
                assertThatThrownBy(() -> invokeOrCompare(method, number))
                        .as("%s with %d", method, number)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(RELEASED);
            }
        }
        for (int i = 0; i < 256; i++) {
            assertThat(ring.getByte(i)).isEqualTo((byte) i);
        }
    }

    private void invokeOrCompare(Method method, int number) throws Throwable {
        if (method.getName().equals("compareTo")) {
            view.compareTo(ring);
        } else {
            Calls.invoke(method, view, number);
        }
    }

    @Test
    void aViewThatWasNeverBoundSaysSo() {
        assertThatThrownBy(new ReadView()::capacity)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not bound");
        assertThatThrownBy(() -> new ReadView().getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new WriteView().putByte(0, (byte) 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aViewShowsItsBytesAndNoneBesides() {
        view.bind(ring, 64, 16);
        assertThat(view.capacity()).isEqualTo(16);
        assertThat(view.getByte(0)).isEqualTo((byte) 64);
        assertThat(view.getByte(15)).isEqualTo((byte) 79);
        assertThat(view.getLong(8)).isEqualTo(ring.getLong(72));
        for (int index : new int[] {Integer.MIN_VALUE, -64, -1, 9, 16, Integer.MAX_VALUE - 8, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> view.getLong(index))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("index " + index + ", length 8, capacity 16");
            assertThatThrownBy(() -> view.putLong(index, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        view.putLong(8, -1);
        assertThat(ring.getByte(71)).isEqualTo((byte) 71);
        assertThat(ring.getLong(72)).isEqualTo(-1);
        assertThat(ring.getByte(80)).isEqualTo((byte) 80);
    }

    @Test
    void anEmptyViewHoldsNothing() {
        view.bind(ring, 256, 0);
        assertThat(view.capacity()).isZero();
        view.boundsCheck(0, 0);
        view.getBytes(0, new byte[0]);
        assertThat(view.getStringWithoutLengthUtf8(0, 0)).isEmpty();
        assertThatThrownBy(() -> view.getByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aViewThatIsOpenedWithoutItsTargetIsCheckedAndExpiresAsAnyOther() {
        view.turnTo(ring);
        view.expire(RELEASED);
        for (int base : new int[] {0, 64, 248}) {
            view.open(base, 8);
            assertThat(view.capacity()).isEqualTo(8);
            assertThat(view.getLong(0)).isEqualTo(ring.getLong(base));
            assertThatThrownBy(() -> view.getByte(8)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.putByte(-1, (byte) 0)).isInstanceOf(IndexOutOfBoundsException.class);
            view.expire();
            assertThatThrownBy(() -> view.getLong(0)).hasMessage(RELEASED);
            assertThatThrownBy(() -> view.putLong(0, 1)).hasMessage(RELEASED);
        }
    }

    @Test
    void aViewIsUsedAgain() {
        AtomicBuffer other = Memory.wrap(ByteBuffer.allocateDirect(64));
        other.putInt(8, 4711);
        view.bind(ring, 0, 8);
        view.expire("the first message is over");
        view.bind(other, 8, 4);
        assertThat(view.getInt(0)).isEqualTo(4711);
        view.putInt(0, 4712);
        assertThat(other.getInt(8)).isEqualTo(4712);
        view.expire("the second message is over");
        assertThatThrownBy(() -> view.getInt(0)).hasMessage("the second message is over");
        view.expire("closed");
        assertThatThrownBy(() -> view.getInt(0)).hasMessage("closed");
    }

    @Test
    void aViewIsNotBoundBeyondItsTarget() {
        view.bind(ring, 0, 8);
        int[][] bad = {
            {-1, 8},
            {0, -1},
            {0, 257},
            {250, 7},
            {257, 0},
            {Integer.MAX_VALUE, Integer.MAX_VALUE},
            {8, Integer.MIN_VALUE}
        };
        AtomicBuffer other = Memory.wrap(ByteBuffer.allocateDirect(256));
        for (int[] range : bad) {
            assertThatThrownBy(() -> view.bind(other, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        view.putByte(1, (byte) 77);
        assertThat(view.getByte(1)).isEqualTo((byte) 77);
        assertThat(ring.getByte(1)).isEqualTo((byte) 77);
        assertThat(other.getByte(1)).isZero();
    }

    @Test
    void aViewForWritingNeedsATargetThatCanBeWritten() {
        ReadView readOnly = new ReadView();
        readOnly.bind(ring, 0, 8);
        assertThatThrownBy(() -> view.bind(readOnly, 0, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MutableDirectBuffer");
        assertThatThrownBy(view::capacity).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aViewOfAViewEndsWithIt() {
        ReadView outer = new ReadView();
        view.bind(ring, 64, 32);
        outer.bind(view, 8, 8);
        assertThat(outer.getByte(0)).isEqualTo((byte) 72);
        byte[] copied = new byte[8];
        WriteView copy = new WriteView();
        copy.bind(Memory.wrap(copied), 0, 8);
        copy.putBytes(0, outer, 0, 8);
        assertThat(copied).containsExactly(72, 73, 74, 75, 76, 77, 78, 79);
        view.expire(RELEASED);
        assertThatThrownBy(() -> outer.getByte(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(RELEASED);
    }

    @Test
    void toStringWorksAtAnyTimeAndShowsNoContent() {
        view.bind(ring, 64, 32);
        assertThat(view).hasToString("WriteView(32 bytes)");
        view.expire(RELEASED);
        assertThat(view).hasToString("WriteView(" + RELEASED + ")");
    }
}
