package io.reactiveipc.soak;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber's life has received, by the publishers' lives, and what was wrong with it. The poll loop's thread writes;
 * the judge reads at any time, also when the subscriber was killed.
 */
final class SubscriberBook {
    /** What the judge reads of one publisher. */
    record Entry(long first, long next) {}

    /** What can be wrong with a message, by its place in the file. */
    enum Count {
        VALIDATED,
        TORN,
        DUPLICATED,
        GAPS,
        ERRORS
    }

    private static final int LIFE = 0;
    private static final int FIRST = 1;
    private static final int NEXT = 2;
    private static final int ENTRY = 3;
    private static final int ENTRIES = 4096;

    private static final class Account {
        private final int index;
        private long next;

        Account(int index, long next) {
            this.index = index;
            this.next = next;
        }
    }

    private final Words words;

    private final Map<Long, Account> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Account> eldest) {
            return size() > ENTRIES / 2;
        }
    };

    private SubscriberBook(Words words) {
        this.words = words;
    }

    static SubscriberBook open(Path directory, long life) {
        return new SubscriberBook(Words.open(path(directory, life), Count.values().length + ENTRIES * ENTRY));
    }

    static Path path(Path directory, long life) {
        return directory.resolve("received-" + life);
    }

    /** Takes a message down that is sound in itself; false if it is not the one that is due. */
    boolean enter(long life, long number) {
        Account account = accounts.get(life);
        if (account == null) {
            account = new Account(index(life), number);
            accounts.put(life, account);
            words.set(account.index + LIFE, -1);
            words.set(account.index + FIRST, number);
            words.set(account.index + NEXT, number);
            words.set(account.index + LIFE, life);
        }
        boolean due = number == account.next;
        if (!due) {
            count(number < account.next ? Count.DUPLICATED : Count.GAPS);
        }
        account.next = number + 1;
        words.set(account.index + NEXT, number + 1);
        count(Count.VALIDATED);
        return due;
    }

    void count(Count what) {
        words.increment(what.ordinal());
    }

    long get(Count what) {
        return words.get(what.ordinal());
    }

    /** What came of a publisher; null for nothing, or too long ago. */
    @Nullable
    Entry of(long life) {
        int index = index(life);
        return words.get(index + LIFE) == life ? new Entry(words.get(index + FIRST), words.get(index + NEXT)) : null;
    }

    /** Life 1, who is never killed, has a place of its own. */
    private static int index(long life) {
        return Count.values().length + ENTRY * (int) (life == 1 ? 0 : 1 + life % (ENTRIES - 1));
    }
}
