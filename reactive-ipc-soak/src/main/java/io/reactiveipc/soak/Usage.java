package io.reactiveipc.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a process holds, after collections: mappings of dead publishers go with their buffers, somewhat later.
 *
 * @param descriptors open ones
 * @param heap bytes in use
 * @param mappings of rings and slot tables
 */
record Usage(long descriptors, long heap, long mappings) {
    static Usage now() {
        long mappings = countMappings();
        for (int same = 0; same < 3; ) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // the JDK unmaps on a thread of its own
            long before = mappings;
            mappings = countMappings();
            same = mappings < before ? 0 : same + 1;
        }
        Runtime runtime = Runtime.getRuntime();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new Usage(open.count(), runtime.totalMemory() - runtime.freeMemory(), mappings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long countMappings() {
        try (Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
            return mapped.filter(line -> line.contains(".ring") || line.contains(".subs") || line.contains(".tmp-"))
                    .count();
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
