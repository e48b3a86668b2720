package io.reactiveipc.process;

import io.reactiveipc.Claim;
import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.shm.crash.CrashPoint;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The publishing side of a child: sends numbers as the {@link Payload} that they stand for. */
final class Sender {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final IpcPublication<Long> publication;
    private final Payload payload;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile long sum;
    private volatile long dying = -1;
    private @Nullable Disposable sending;

    private Sender(IpcNode node, Line command) {
        this.payload = Peer.payload(command, command.number("seed", 1));
        this.publication = Peer.got(node.publish(Peer.spec(command, new Numbers(command.text("type", "numbers"))))
                .block(PATIENCE));
    }

    static Sender open(IpcNode node, Line command) {
        return new Sender(node, command);
    }

    /** The codec is where a number becomes bytes, so it keeps the books. */
    private final class Numbers implements Codec<Long> {
        private final String typeId;

        Numbers(String typeId) {
            this.typeId = typeId;
        }

        @Override
        public String typeId() {
            return typeId;
        }

        @Override
        public int encodedLength(Long number) {
            return payload.length(number);
        }

        @Override
        public int encode(Long number, MutableDirectBuffer buffer) {
            int length = payload.length(number);
            if (number == dying) {
                payload.write(buffer, number, length / 2);
                Runtime.getRuntime().halt(CrashPoint.EXIT_CODE);
            }
            sum = Payload.add(sum, payload.write(buffer, number, length));
            sent.setRelease(number + 1);
            return length;
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            return Payload.numberOf(buffer);
        }
    }

    /**
     * Goes on sending behind the last number sent.
     *
     * @param count how many, or -1 for as many as there is time for
     * @param counting whether the source is asked by {@code request(n)}, and counts it, or may be pulled from
     */
    void send(long count, boolean counting) {
        long from = sent.get();
        long to = count < 0 ? Long.MAX_VALUE : from + count;
        Flux<Long> numbers = Flux.generate(() -> from, (number, sink) -> {
            if (number == to) {
                sink.complete();
            } else {
                sink.next(number);
            }
            return number + 1;
        });
        Flux<Long> source = counting
                ? numbers.doOnRequest(n -> asked.accumulateAndGet(n, Sender::capped))
                        .hide()
                : numbers;
        sending = publication
                .send(source)
                .subscribe(
                        null,
                        error -> Peer.tell(Peer.failure("send-failed", error)),
                        () -> Peer.tell(Line.of("sent", "count", sent.get(), "sum", sum)));
    }

    private static long capped(long sum, long n) {
        return Long.MAX_VALUE - sum < n ? Long.MAX_VALUE : sum + n;
    }

    /**
     * Sends one after the other.
     *
     * @param halfOf the number of the message with whose payload half written the process ends, or -1
     */
    void emit(long count, long halfOf) {
        dying = halfOf;
        for (long number = sent.get(), end = number + count; number < end; number++) {
            publication.emit(number).block(PATIENCE);
        }
    }

    /** Sends one after the other, and lets the subscribers fall asleep in between. */
    void drip(long count) {
        for (long i = 0; i < count; i++) {
            emit(1, -1);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Claims room for the next message and fills it, and leaves it at that or aborts. */
    void claim(boolean abort) {
        int length = payload.length(sent.get());
        Claim claim = Peer.got(publication.tryClaim(length));
        payload.write(claim.buffer(), sent.get(), length);
        if (abort) {
            claim.close();
        }
    }

    void stop() {
        if (sending != null) {
            sending.dispose();
        }
    }

    /** Blocks until it is done. */
    void await(Mono<Void> mono) {
        mono.block(PATIENCE);
    }

    IpcPublication<Long> publication() {
        return publication;
    }

    void report(Map<String, String> into) {
        into.put("sent", Long.toString(sent.get()));
        into.put("sum", Long.toString(sum));
        into.put("asked", Long.toString(asked.get()));
        into.put("subscribers", Integer.toString(publication.subscriberCount()));
        into.put("free", Long.toString(publication.freeBytes()));
        into.put("capacity", Long.toString(publication.capacityBytes()));
    }
}
