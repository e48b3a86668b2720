package io.reactiveipc.soak;

import io.reactiveipc.StreamSpec;
import java.util.List;

/** The streams that all share. Small rings, so that they wrap often. */
final class Streams {
    static final List<String> NAMES = List.of("one", "two");

    private static final int CAPACITY = 64 * 1024;

    private Streams() {}

    static StreamSpec<Long> spec(String name, Numbers numbers) {
        return StreamSpec.of(name, numbers).capacity(CAPACITY).awaitSuccessor(true);
    }
}
