package io.reactiveipc.soak;

import io.reactiveipc.Claim;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Publishes numbers in all ways there are, in runs with short rests, until it is killed. Keeps its book. */
final class Publisher implements Runnable {
    private static final int LONGEST_RUN = 400;

    private final IpcPublication<Long> publication;
    private final PublisherBook book;
    private final Numbers numbers;
    private final Random random;
    private final long restNanos;
    private long next;

    private Publisher(
            IpcPublication<Long> publication, PublisherBook book, Numbers numbers, long life, long restNanos) {
        this.publication = publication;
        this.book = book;
        this.numbers = numbers;
        this.random = new Random(life);
        this.restNanos = restNanos;
    }

    static Publisher open(IpcNode node, String stream, SoakProcess process, Duration rest) {
        Numbers numbers = new Numbers(process.life());
        IpcPublication<Long> publication = process.got(node.publish(Streams.spec(stream, numbers)));
        return new Publisher(
                publication,
                PublisherBook.open(process.books(), process.life()),
                numbers,
                process.life(),
                rest.toNanos());
    }

    @Override
    public void run() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100))); // with subscribers or before them
        while (true) {
            long end = next + 1 + random.nextInt(LONGEST_RUN);
            switch (random.nextInt(4)) {
                case 0 -> send(end);
                case 1 -> claim(end);
                case 2 -> emit(end);
                default -> tryEmit(end);
            }
            LockSupport.parkNanos((long) (random.nextDouble() * restNanos));
        }
    }

    private void send(long end) {
        book.begin(end);
        publication
                .send(Flux.generate(() -> next, (number, sink) -> {
                    if (number == end) {
                        sink.complete();
                    } else {
                        sink.next(number);
                    }
                    return number + 1;
                }))
                .block();
        next = end;
        book.commit(next);
    }

    private void emit(long end) {
        while (next < end) {
            book.begin(next + 1);
            publication.emit(next).block();
            book.commit(++next);
        }
    }

    private void tryEmit(long end) {
        while (next < end) {
            book.begin(next + 1);
            Sinks.EmitResult result = publication.tryEmit(next);
            if (result == Sinks.EmitResult.OK) {
                book.commit(++next);
            } else if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
                LockSupport.parkNanos(100_000);
            } else if (result != Sinks.EmitResult.FAIL_NON_SERIALIZED) {
                throw new IllegalStateException("tryEmit: " + result);
            }
        }
    }

    private void claim(long end) {
        while (next < end) {
            book.begin(next + 1);
            Claim claim = publication.tryClaim(numbers.encodedLength(next));
            if (claim == null) {
                LockSupport.parkNanos(100_000);
                continue;
            }
            try (claim) {
                numbers.encode(next, claim.buffer());
                if (random.nextInt(8) != 0) { // else it is aborted, and comes again
                    claim.commit();
                    book.commit(++next);
                }
            }
        }
    }
}
