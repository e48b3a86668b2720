package io.reactiveipc.process;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/** The subscribing side of a child. Each {@code receive} begins a new Flux with a new {@link Ledger}. */
final class Receiver {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final IpcSubscription<Long> subscription;
    private final Line command;
    private final AtomicInteger terminals = new AtomicInteger();
    private volatile Ledger ledger;
    private @Nullable Taker taker;

    private Receiver(IpcNode node, Line command) {
        this.command = command;
        this.ledger = newLedger();
        this.subscription =
                Peer.got(node.subscribe(Peer.spec(command, new Numbers())).block(PATIENCE));
    }

    static Receiver open(IpcNode node, Line command) {
        return new Receiver(node, command);
    }

    private Ledger newLedger() {
        Payload payload = Peer.payload(command, 0);
        return new Ledger(
                payload.min(), payload.usual(), payload.max(), command.values().containsKey("lossy"));
    }

    private final class Numbers extends Unread {
        Numbers() {
            super(command);
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            return ledger.enter(buffer, length);
        }
    }

    /** Of one who reads messages only, and by itself. */
    static class Unread implements Codec<Long> {
        private final String typeId;

        Unread(Line command) {
            this.typeId = command.text("type", "numbers");
        }

        @Override
        public String typeId() {
            return typeId;
        }

        @Override
        public int encodedLength(Long number) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int encode(Long number, MutableDirectBuffer buffer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            throw new UnsupportedOperationException();
        }
    }

    /** @param how which of the Fluxes, see {@link #flux} */
    void receive(String how, long demand) {
        ledger = newLedger();
        terminals.set(0);
        taker = new Taker(demand);
        flux(how).subscribe(taker);
    }

    private Flux<Long> flux(String how) {
        return switch (how) {
            case "decoded" -> subscription.receive();
            case "mapped" -> subscription.receive(message -> ledger.enter(message));
            case "messages" -> subscription.messages().map(message -> ledger.enter(message));
            case "leases" -> subscription.leases().map(this::enterAndRelease);
            case "fused" -> subscription.receive().publishOn(Schedulers.single());
            case "hoarded" -> subscription.leases().map(ledger::enter); // released by nobody
            default -> throw new IllegalArgumentException("no such Flux: " + how);
        };
    }

    private Long enterAndRelease(Message lease) {
        try (lease) {
            return ledger.enter(lease);
        }
    }

    /** Requests one by one, if that is the demand, else once. */
    private final class Taker extends BaseSubscriber<Long> {
        private final long demand;
        private final boolean oneByOne;

        Taker(long demand) {
            this.demand = demand;
            this.oneByOne = demand == 1;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        protected void hookOnNext(Long number) {
            if (oneByOne) {
                request(1);
            }
        }

        @Override
        protected void hookOnComplete() {
            terminals.incrementAndGet();
            tellEnd(Line.of("ended", "how", "complete"));
        }

        @Override
        protected void hookOnError(Throwable error) {
            terminals.incrementAndGet();
            tellEnd(Peer.failure("ended", error));
        }

        @Override
        protected void hookFinally(SignalType type) {
            if (type == SignalType.CANCEL) {
                tellEnd(Line.of("ended", "how", "cancel"));
            }
        }

        private void tellEnd(Line line) {
            line.values().put("at", Long.toString(System.currentTimeMillis()));
            report(line.values());
            Peer.tell(line);
        }
    }

    void request(long n) {
        Peer.got(taker).request(n);
    }

    void cancel() {
        Peer.got(taker).cancel();
    }

    void awaitReady() {
        subscription.awaitReady().block(PATIENCE);
    }

    IpcSubscription<Long> subscription() {
        return subscription;
    }

    void report(Map<String, String> into) {
        ledger.report(into);
        into.put("lost", Long.toString(subscription.lost()));
        into.put("terminals", Integer.toString(terminals.get()));
        into.put("publications", Integer.toString(subscription.publicationCount()));
    }
}
