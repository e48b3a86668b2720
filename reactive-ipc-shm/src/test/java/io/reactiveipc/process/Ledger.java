package io.reactiveipc.process;

import io.reactiveipc.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.DirectBuffer;

/** What one subscriber got, by publisher: from which number to which, without a gap, and the sum of it. One thread writes. */
final class Ledger {
    /** One publisher's messages. */
    static final class Account {
        private final Payload payload;
        private final long first;
        private volatile long next;
        private volatile long sum;
        private volatile long missed;

        private Account(Payload payload, long first) {
            this.payload = payload;
            this.first = first;
            this.next = first;
        }
    }

    private final int min;
    private final int usual;
    private final int max;
    private final boolean lossy;
    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();
    private Account current = new Account(new Payload(0, 16, 16, 16), 0);

    /** @param lossy whether numbers may be left out */
    Ledger(int min, int usual, int max, boolean lossy) {
        this.lossy = lossy;
        this.min = min;
        this.usual = usual;
        this.max = max;
    }

    /** @throws IllegalStateException if it is not the publisher's next message, byte by byte */
    long enter(DirectBuffer buffer, int length) {
        long seed = Payload.seedOf(buffer);
        long number = Payload.numberOf(buffer);
        if (seed != current.payload.seed()) {
            current = accounts.computeIfAbsent(seed, s -> new Account(new Payload(s, min, usual, max), number));
        }
        Account account = current;
        if (lossy && number > account.next) {
            account.missed += number - account.next;
        } else if (number != account.next) {
            throw new IllegalStateException(
                    "message " + number + " of " + seed + " came where " + account.next + " was due");
        }
        account.sum = Payload.add(account.sum, account.payload.check(buffer, number, length));
        account.next = number + 1;
        return number;
    }

    long enter(Message message) {
        long number = enter(message.buffer(), message.length());
        if (message.sequence() != number) {
            throw new IllegalStateException("message " + number + " says it is " + message.sequence());
        }
        return number;
    }

    long count() {
        return accounts.values().stream()
                .mapToLong(a -> a.next - a.first - a.missed)
                .sum();
    }

    /** {@code count}, and {@code first.<seed>}, {@code next.<seed>}, {@code missed.<seed>}, {@code sum.<seed>}. */
    void report(Map<String, String> into) {
        into.put("count", Long.toString(count()));
        accounts.forEach((seed, account) -> {
            into.put("first." + seed, Long.toString(account.first));
            into.put("next." + seed, Long.toString(account.next));
            into.put("missed." + seed, Long.toString(account.missed));
            into.put("sum." + seed, Long.toString(account.sum));
        });
    }
}
