package io.reactiveipc.internal.buffer;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Long arrays, and what a transport copies in long pieces, are written by C's {@code memcpy} where this JVM lets it be called: on Java 22 or later, with {@value #FLAG}, or
 * where other code was let already; else the JVM would warn its user. Where the C library uses the processor's string
 * instructions, they take lines over from another core without reading them first, and no copy of the JDK does (ADR 0017).
 * The system property {@value #PROPERTY} turns it off: {@code auto} (default) or {@code jdk}.
 *
 * <p>What is written is there for whoever sees a later store. No pause for the garbage collector begins within a call, so a
 * long copy is made of several. Where another process cut the file under a mapping short, the copy ends this one.
 */
public final class NativeCopy {
    /** {@code auto} or {@code jdk}; read once. */
    public static final String PROPERTY = "reactive.ipc.copy";

    /** What a JVM needs for it. */
    public static final String FLAG = "--enable-native-access=ALL-UNNAMED";

    /** Bytes from which on a call is worth it. */
    static final int MIN_LENGTH = 2048;

    /** Bytes of one call at most. */
    static final int MAX_STRIDE = 1 << 20;

    private static final String REQUESTED = System.getProperty(PROPERTY, "auto");

    private NativeCopy() {}

    /** @throws IpcException if the property has a value that there is not */
    public static void check() {
        check(REQUESTED);
    }

    static void check(String requested) {
        if (!requested.equals("auto") && !requested.equals("jdk")) {
            throw new IpcException(
                    ErrorCode.CONFIGURATION,
                    PROPERTY + " must be auto or jdk: \"" + requested + "\"; mend or remove it");
        }
    }

    static boolean isAvailable() {
        return Handles.MEMCPY != null && Handles.MEMCPY_OUTSIDE != null && Handles.ADDRESS != null;
    }

    /** Where a buffer's bytes begin, for {@link #copy}; 0 where that may not be used: not there, heap, or read-only. */
    static long addressOf(DirectBuffer buffer) {
        ByteBuffer memory = isAvailable() ? buffer.byteBuffer() : null;
        if (memory == null || !memory.isDirect() || memory.isReadOnly()) {
            return 0;
        }
        try {
            return (long) Handles.ADDRESS.invokeExact(memory.duplicate().clear()) + buffer.wrapAdjustment();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Copies a part of an array to an address that {@link #addressOf} gave, plus an index that the caller has checked.
     *
     * @throws IndexOutOfBoundsException if the array has no such part; nothing is copied
     */
    static void copy(byte[] from, int offset, long to, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        try {
            for (long done = 0; done < length; done += MAX_STRIDE) {
                Handles.FROM_ARRAY.memcpy.invokeExact(
                        to + done, from, offset + done, Math.min(MAX_STRIDE, length - done));
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Copies from one address to another, both of {@link #addressOf} plus an index that the caller has checked. In one call, as
     * a stage is far shorter than {@link #MAX_STRIDE}.
     */
    static void copy(long from, long to, int length) {
        try {
            Handles.MEMCPY_OUTSIDE.invokeExact(to, from, (long) length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * A handle that is no constant to the compiler, and so compiled by itself: at the depth of calls at which a codec's copy is inlined, not all of
     * what makes a segment of the array would be, and each copy would leave it as garbage.
     */
    private static final class OutOfLine {
        @Nullable
        MethodHandle memcpy;

        OutOfLine(@Nullable MethodHandle memcpy) {
            this.memcpy = memcpy;
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }

    /** Of {@code java.lang.foreign}, by reflection: these classes are for Java 17, too. Made when somebody is about to write. */
    private static final class Handles {
        /** {@code (long to, byte[] from, long offset, long bytes)void}, or null where it may not be called. */
        static final @Nullable MethodHandle MEMCPY = REQUESTED.equals("auto") && isAllowed() ? link() : null;

        /** {@code (long to, long from, long bytes)void}, or null where it may not be called. */
        static final @Nullable MethodHandle MEMCPY_OUTSIDE = MEMCPY == null ? null : linkOutside();

        static final OutOfLine FROM_ARRAY = new OutOfLine(MEMCPY);

        /** {@code (ByteBuffer)long}, of memory outside of the heap. */
        static final @Nullable MethodHandle ADDRESS = MEMCPY == null ? null : address();

        /** Whether Java is 22 or later and native calls are allowed, to code on the class path or to this module. */
        private static boolean isAllowed() {
            if (Runtime.version().feature() < 22) {
                return false;
            }
            try {
                return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(NativeCopy.class.getModule());
            } catch (ReflectiveOperationException e) {
                return false;
            }
        }

        /** The array stays where it is, as no pause for the collector begins within a critical call. */
        private static @Nullable MethodHandle link() {
            try {
                MethodHandle memcpy = memcpy("ADDRESS", true);
                if (memcpy == null) {
                    return null;
                }
                loadWhatSegmentsAreMadeOf();
                Class<?> segments = foreign("MemorySegment");
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                MethodHandle ofArray =
                        lookup.findStatic(segments, "ofArray", MethodType.methodType(segments, byte[].class));
                MethodHandle from =
                        lookup.findVirtual(segments, "asSlice", MethodType.methodType(segments, long.class));
                return MethodHandles.collectArguments(memcpy, 1, MethodHandles.filterArguments(from, 0, ofArray));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                return null; // an image of which reflection was left out, say: the JDK's copy does, too
            }
        }

        /**
         * A constructor within {@code MemorySegment.ofArray} names a class that only an arena loads (Java 25: a session's list of resources). As
         * long as that is not loaded, the compiler does not inline the constructor, and each copy leaves a segment and a session as garbage.
         */
        private static void loadWhatSegmentsAreMadeOf() throws ReflectiveOperationException {
            Class<?> arenas = foreign("Arena");
            arenas.getMethod("close").invoke(arenas.getMethod("ofConfined").invoke(null));
        }

        private static @Nullable MethodHandle linkOutside() {
            try {
                return memcpy("JAVA_LONG", false); // an address is a number to every calling convention
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                return null;
            }
        }

        /** As a critical function, which costs little more than a call. */
        private static @Nullable MethodHandle memcpy(String source, boolean fromHeap)
                throws ReflectiveOperationException {
            Class<?> linkers = foreign("Linker");
            Class<?> descriptors = foreign("FunctionDescriptor");
            Object linker = linkers.getMethod("nativeLinker").invoke(null);
            Object symbols = linkers.getMethod("defaultLookup").invoke(linker);
            Optional<?> symbol = (Optional<?>)
                    foreign("SymbolLookup").getMethod("find", String.class).invoke(symbols, "memcpy");
            if (symbol.isEmpty()) {
                return null;
            }
            Class<?> layouts = foreign("ValueLayout");
            Object words = layouts.getField("JAVA_LONG").get(null);
            Object parameters = array(
                    foreign("MemoryLayout"), words, layouts.getField(source).get(null), words);
            Object types =
                    descriptors.getMethod("ofVoid", parameters.getClass()).invoke(null, parameters);
            Object options = array(
                    foreign("Linker$Option"),
                    foreign("Linker$Option")
                            .getMethod("critical", boolean.class)
                            .invoke(null, fromHeap));
            return (MethodHandle)
                    linkers.getMethod("downcallHandle", foreign("MemorySegment"), descriptors, options.getClass())
                            .invoke(linker, symbol.get(), types, options);
        }

        private static @Nullable MethodHandle address() {
            try {
                Class<?> segments = foreign("MemorySegment");
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                MethodHandle ofBuffer =
                        lookup.findStatic(segments, "ofBuffer", MethodType.methodType(segments, Buffer.class));
                MethodHandle address = lookup.findVirtual(segments, "address", MethodType.methodType(long.class));
                return MethodHandles.filterArguments(address, 0, ofBuffer)
                        .asType(MethodType.methodType(long.class, ByteBuffer.class));
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        private static Class<?> foreign(String name) throws ClassNotFoundException {
            return Class.forName("java.lang.foreign." + name);
        }

        private static Object array(Class<?> type, Object... elements) {
            Object array = Array.newInstance(type, elements.length);
            for (int i = 0; i < elements.length; i++) {
                Array.set(array, i, elements[i]);
            }
            return array;
        }
    }
}
