package io.reactiveipc.benchmarks.peer;

import io.aeron.logbuffer.Header;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** Aeron IPC with a Flux at both ends: messages are offered from one, and come as byte arrays of their own out of the other. */
final class AeronFluxPeer extends AeronPeer {
    @Override
    public String name() {
        return "aeron-flux";
    }

    @Override
    public String description() {
        return "Aeron IPC behind a Flux that copies each message into an array; media driver as for aeron";
    }

    @Override
    public Endpoint open(Setup setup) {
        return new Fluxes(setup);
    }

    private static final class Fluxes extends Streams {
        Fluxes(Setup setup) {
            super(setup);
        }

        @Override
        public void listen(Listener listener) {
            Feed feed = new Feed();
            hear(feed::onFragment, feed::demand);
            UnsafeBuffer view = new UnsafeBuffer();
            feed.subscribe(
                    bytes -> {
                        view.wrap(bytes);
                        listener.onMessage(view, 0, bytes.length);
                    },
                    Failures::fail);
        }

        @Override
        public void sendAll(Payload payload, long first, int count) {
            Flux.fromIterable(payload.run(first, count)).doOnNext(this::send).blockLast();
        }
    }

    /** Turns what is polled into signals, as far as there is demand. For one subscriber. */
    private static final class Feed extends Flux<byte[]> implements Subscription {
        private static final AtomicLongFieldUpdater<Feed> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Feed.class, "requested");

        private volatile long requested;
        private CoreSubscriber<? super byte[]> subscriber = Operators.emptySubscriber();

        @Override
        public void subscribe(CoreSubscriber<? super byte[]> actual) {
            subscriber = actual;
            actual.onSubscribe(this);
        }

        long demand() {
            return requested;
        }

        void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            subscriber.onNext(bytes);
            Operators.produced(REQUESTED, this, 1);
        }

        @Override
        public void request(long n) {
            Operators.addCap(REQUESTED, this, n);
        }

        @Override
        public void cancel() {
            subscriber = Operators.emptySubscriber();
        }
    }
}
