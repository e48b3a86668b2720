package io.reactiveipc.spi;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.internal.buffer.BufferCopy;
import io.reactiveipc.internal.buffer.NativeCopy;
import io.reactiveipc.internal.buffer.VarHandleBuffer;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How shared memory is accessed in this JVM: through Agrona's {@link UnsafeBuffer} where the JVM lets it ({@value #EXPORT}),
 * else through VarHandles, which need no flag. The system property {@value #PROPERTY} forces one: {@code auto} (default),
 * {@code unsafe} or {@code varhandle}. Both read and write the same bytes, so processes of both kinds share rings.
 *
 * <p>The buffers keep what they wrap reachable. A read-only mapping is for reading only: a write to it throws in one mode
 * and ends the process in the other, so hand it on as a {@link org.agrona.DirectBuffer}.
 */
public final class Memory {
    /** {@code auto}, {@code unsafe} or {@code varhandle}; read once. */
    public static final String PROPERTY = "reactive.ipc.memory";

    /** The JVM flag that {@code unsafe} needs. */
    public static final String EXPORT = "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED";

    private static final @Nullable String REQUESTED = System.getProperty(PROPERTY);
    private static final Choice CHOICE = choose(REQUESTED, isExported());

    private Memory() {}

    /**
     * The whole buffer, from 0 to its capacity, whatever its position, limit and order are.
     *
     * @throws IpcException if {@value #PROPERTY} asks for what this JVM cannot do; the message has the flag to add;
     *     or if {@value NativeCopy#PROPERTY} has a value that there is not
     */
    public static AtomicBuffer wrap(ByteBuffer buffer) {
        NativeCopy.check();
        return switch (CHOICE) {
            case UNSAFE -> new UnsafeBuffer(buffer);
            case VARHANDLE -> new VarHandleBuffer(buffer);
            case NOT_EXPORTED, UNKNOWN -> throw refusal(CHOICE, REQUESTED);
        };
    }

    /** The whole array, for plain access: heap memory has no alignment that atomic access could rely on. */
    public static AtomicBuffer wrap(byte[] bytes) {
        return wrap(ByteBuffer.wrap(bytes));
    }

    /**
     * Where the bytes of a buffer are, if it is memory outside of the heap and this JVM lets one go there directly, else 0.
     * What is read there is not checked by anybody; the buffer must stay reachable meanwhile.
     */
    public static long addressOf(DirectBuffer buffer) {
        return buffer instanceof UnsafeBuffer && buffer.byteArray() == null ? buffer.addressOffset() : 0;
    }

    /** To copy from one buffer to the other, by C's {@code memcpy} where this JVM allows it (ADR 0017). */
    public static MemoryCopy copy(DirectBuffer from, MutableDirectBuffer to) {
        return new BufferCopy(from, to);
    }

    /** {@code "unsafe"} or {@code "varhandle"}: what {@link #wrap(ByteBuffer)} gives. */
    public static String mode() {
        if (CHOICE == Choice.NOT_EXPORTED || CHOICE == Choice.UNKNOWN) {
            throw refusal(CHOICE, REQUESTED);
        }
        return CHOICE.name().toLowerCase(Locale.ROOT);
    }

    /** A value and not an exception, so that a wrong property does not poison the class for the life of the JVM. */
    enum Choice {
        UNSAFE,
        VARHANDLE,
        NOT_EXPORTED,
        UNKNOWN
    }

    static Choice choose(@Nullable String requested, boolean exported) {
        return switch (requested == null ? "auto" : requested) {
            case "auto" -> exported ? Choice.UNSAFE : Choice.VARHANDLE;
            case "unsafe" -> exported ? Choice.UNSAFE : Choice.NOT_EXPORTED;
            case "varhandle" -> Choice.VARHANDLE;
            default -> Choice.UNKNOWN;
        };
    }

    static IpcException refusal(Choice choice, @Nullable String requested) {
        return new IpcException(
                ErrorCode.CONFIGURATION,
                choice == Choice.UNKNOWN
                        ? PROPERTY + " must be auto, unsafe or varhandle: \"" + requested + "\""
                        : PROPERTY + "=unsafe needs a flag of the JVM: add " + EXPORT + ", or remove the property");
    }

    /** Asked and not tried: Agrona's class that fails at its first touch stays broken for the life of the JVM. */
    private static boolean isExported() {
        return Object.class.getModule().isExported("jdk.internal.misc", BitUtil.class.getModule());
    }
}
