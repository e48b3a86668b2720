package io.reactiveipc.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds, after a collection: mappings of dead publishers go with their buffers.
 *
 * @param descriptors open ones
 * @param heap bytes in use
 * @param mappings of memory
 */
record Usage(long descriptors, long heap, long mappings) {
    static Usage now() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"));
                Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
            return new Usage(open.count(), runtime.totalMemory() - runtime.freeMemory(), mapped.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Usage parse(String text) {
        String[] words = text.split(" ");
        return new Usage(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    /** For {@link #parse}. */
    String line() {
        return descriptors + " " + heap + " " + mappings;
    }
}
