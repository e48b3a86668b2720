package io.reactiveipc.shm.segment;

import java.nio.file.Path;
import java.util.List;

public final class StreamDirectory {
    /** SHA-256 of the stream's name in hex; what the topic's lock is named by. */
    public String sha256() {
        throw new UnsupportedOperationException();
    }

    public Path path() {
        throw new UnsupportedOperationException();
    }

    /** The rings that have a name now, sorted; empty if the directory does not exist. */
    public List<Path> rings() {
        throw new UnsupportedOperationException();
    }
}
