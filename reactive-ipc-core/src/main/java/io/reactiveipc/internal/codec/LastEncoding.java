package io.reactiveipc.internal.codec;

import org.jspecify.annotations.Nullable;

/**
 * What a thread encoded to learn its length, kept for the {@code encode} that follows, so that nothing is encoded twice.
 * Taking it clears it; where no {@code encode} follows, because the ring is full, it holds on to one value a thread, and to
 * none that is large.
 */
final class LastEncoding {
    private static final int MAX_KEPT_BYTES = 64 * 1024;
    private static final ThreadLocal<LastEncoding> OF_THREAD = ThreadLocal.withInitial(LastEncoding::new);

    private @Nullable Object codec;
    private @Nullable Object value;
    private byte @Nullable [] bytes;

    private LastEncoding() {}

    static void keep(Object codec, Object value, byte[] bytes) {
        boolean small = bytes.length <= MAX_KEPT_BYTES;
        OF_THREAD.get().set(small ? codec : null, small ? value : null, small ? bytes : null);
    }

    /** The bytes that this codec made of this very object last, or null. */
    static byte @Nullable [] take(Object codec, Object value) {
        LastEncoding last = OF_THREAD.get();
        byte[] bytes = last.codec == codec && last.value == value ? last.bytes : null;
        last.set(null, null, null);
        return bytes;
    }

    private void set(@Nullable Object codec, @Nullable Object value, byte @Nullable [] bytes) {
        this.codec = codec;
        this.value = value;
        this.bytes = bytes;
    }
}
