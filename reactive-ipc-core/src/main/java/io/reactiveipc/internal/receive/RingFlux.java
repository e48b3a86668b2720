package io.reactiveipc.internal.receive;

import io.reactiveipc.IpcException;
import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** A stream as a cold Flux: each subscriber attaches on its own. */
final class RingFlux<R> extends Flux<R> implements Fuseable, Scannable {
    private final RingSubscription<?> subscription;
    private final Supplier<RecordMapper<R>> mapper;
    private final boolean leasing;

    private RingFlux(RingSubscription<?> subscription, Supplier<RecordMapper<R>> mapper, boolean leasing) {
        this.subscription = subscription;
        this.mapper = mapper;
        this.leasing = leasing;
    }

    /** As Reactor's own factories give it: with the hooks for each operator, such as those that trace or debug. */
    static <R> Flux<R> of(RingSubscription<?> subscription, Supplier<RecordMapper<R>> mapper, boolean leasing) {
        return onAssembly(new RingFlux<>(subscription, mapper, leasing));
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        RingReceiver<R> receiver = new RingReceiver<>(subscription, actual, mapper.get(), leasing);
        actual.onSubscribe(receiver);
        try {
            subscription.attach(receiver);
        } catch (IpcException e) {
            receiver.refuse(e);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object scanUnsafe(Attr key) {
        if (key == Attr.PREFETCH) {
            return 0;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        if (key == Attr.PARENT) {
            return subscription;
        }
        return key == Attr.NAME ? subscription.stream() : null;
    }
}
