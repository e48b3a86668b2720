package io.reactiveipc.soak;

import java.nio.file.Path;

/**
 * What one publisher's life has begun and committed, for those who judge after it was killed. The truth lies in between:
 * subscribers must have all that was committed, and may have what was begun.
 */
final class PublisherBook {
    private static final int BEGUN = 0;
    private static final int COMMITTED = 1;
    private static final int COUNT = 2;

    private final Words words;

    private PublisherBook(Words words) {
        this.words = words;
    }

    static PublisherBook open(Path directory, long life) {
        return new PublisherBook(Words.open(path(directory, life), COUNT));
    }

    static Path path(Path directory, long life) {
        return directory.resolve("published-" + life);
    }

    /** Messages below this number may have been committed. Before the first byte of them is written. */
    void begin(long next) {
        words.set(BEGUN, next);
    }

    /** Messages below this number are committed. After the call that committed them returned. */
    void commit(long next) {
        words.set(COMMITTED, next);
    }

    long begun() {
        return words.get(BEGUN);
    }

    long committed() {
        return words.get(COMMITTED);
    }
}
