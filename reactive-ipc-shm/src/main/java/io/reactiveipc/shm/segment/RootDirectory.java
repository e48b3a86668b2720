package io.reactiveipc.shm.segment;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

public final class RootDirectory {
    public static RootDirectory open(@Nullable Path directory) {
        throw new UnsupportedOperationException();
    }

    public Path path() {
        throw new UnsupportedOperationException();
    }

    public StreamDirectory stream(String name) {
        throw new UnsupportedOperationException();
    }
}
