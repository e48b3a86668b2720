package io.reactiveipc.process;

import io.reactiveipc.Delivery;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A member of a queue group, in whatever process. It checks each message byte by byte, and keeps a journal of what it was given
 * and what it has done, in a file, which survives the process.
 */
final class Worker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One line of a journal. */
    record Entry(long number, boolean done, boolean redelivered) {
        private long word() {
            return number << 2 | (done ? 2 : 0) | (redelivered ? 1 : 0);
        }

        private static Entry of(long word) {
            return new Entry(word >> 2, (word & 2) != 0, (word & 1) != 0);
        }
    }

    private final FileChannel journal;
    private final ByteBuffer line = ByteBuffer.allocate(Long.BYTES);
    private final Payload payload;
    private final String how;
    private final IpcSubscription<Long> subscription;
    private final AtomicLong begun = new AtomicLong();
    private volatile @Nullable String end;
    private @Nullable Disposable working;

    private Worker(IpcNode node, Line command) throws IOException {
        this.how = command.text("how", "mapped");
        this.payload = Peer.payload(command, command.number("seed", 1));
        this.journal = FileChannel.open(
                Path.of(command.text("journal")), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.subscription = Peer.got(
                node.subscribe(Peer.spec(command, new Receiver.Unread(command))).block(PATIENCE));
    }

    /** Has {@code delivery}, {@code journal}, {@code how} and {@code demand} in its command, besides what names the stream. */
    static Worker open(IpcNode node, Line command) throws IOException {
        Delivery.valueOf(command.text("delivery"));
        return new Worker(node, command);
    }

    void work(long demand) {
        BaseSubscriber<Long> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                if (demand > 0) {
                    request(demand);
                }
            }

            @Override
            protected void hookOnNext(Long number) {
                // in the journal
            }

            @Override
            protected void hookOnComplete() {
                end = "complete";
            }

            @Override
            protected void hookOnError(Throwable error) {
                end = error.toString();
            }
        };
        working = subscriber;
        flux().subscribe(subscriber);
    }

    void request(long n) {
        ((BaseSubscriber<?>) Peer.got(working)).request(n);
    }

    private Flux<Long> flux() {
        return switch (how) {
            case "mapped" -> subscription.receive(this::work);
            case "leases" ->
                subscription.leases().map(message -> {
                    try (message) {
                        return work(message);
                    }
                });
            case "later" ->
                subscription.leases().flatMap(message -> Mono.delay(Duration.ofMillis(1))
                        .map(tick -> {
                            try (message) {
                                return work(message);
                            }
                        }));
            case "hoarded" ->
                subscription.leases().map(message -> {
                    kept.add(message);
                    return begin(message);
                });
            case "failing" ->
                subscription.receive(message -> {
                    begin(message);
                    throw new IllegalStateException("cannot do that");
                });
            default -> throw new IllegalArgumentException("no such way to work: " + how);
        };
    }

    private final List<Message> kept = new ArrayList<>();

    private long work(Message message) {
        long number = begin(message);
        payload.check(message.buffer(), number, message.length());
        write(new Entry(number, true, message.isRedelivered()));
        return number;
    }

    private long begin(Message message) {
        long number = Payload.numberOf(message.buffer());
        if (message.sequence() != number) {
            throw new IllegalStateException("message " + number + " says it is " + message.sequence());
        }
        write(new Entry(number, false, message.isRedelivered()));
        begun.incrementAndGet();
        return number;
    }

    private synchronized void write(Entry entry) {
        try {
            line.clear().putLong(entry.word()).flip();
            journal.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long begun() {
        return begun.get();
    }

    @Nullable
    String end() {
        return end;
    }

    void cancel() {
        if (working != null) {
            working.dispose();
        }
        kept.forEach(Message::giveBack);
    }

    @Override
    public void close() throws IOException {
        cancel();
        subscription.dispose();
        journal.close();
    }

    static List<Entry> read(Path journal) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(journal));
        List<Entry> entries = new ArrayList<>();
        while (bytes.remaining() >= Long.BYTES) {
            entries.add(Entry.of(bytes.getLong()));
        }
        return entries;
    }
}
