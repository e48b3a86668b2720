package io.reactiveipc.shm.segment;

import java.nio.file.Path;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

public final class RingFile {
    /** The caller holds the topic's lock. */
    public static RingFile create(StreamDirectory directory, RingHeader header) {
        throw new UnsupportedOperationException();
    }

    /** Null if it vanished. */
    public static @Nullable RingFile attach(Path ring) {
        throw new UnsupportedOperationException();
    }

    public RingHeader header() {
        throw new UnsupportedOperationException();
    }

    public AtomicBuffer ring() {
        throw new UnsupportedOperationException();
    }

    public AtomicBuffer slots() {
        throw new UnsupportedOperationException();
    }

    public Path path() {
        throw new UnsupportedOperationException();
    }

    public boolean isNamed() {
        throw new UnsupportedOperationException();
    }

    public void unlink() {
        throw new UnsupportedOperationException();
    }
}
