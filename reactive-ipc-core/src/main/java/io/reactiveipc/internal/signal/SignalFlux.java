package io.reactiveipc.internal.signal;

import io.reactiveipc.IpcException;
import io.reactiveipc.Signal;
import io.reactiveipc.spi.SignalCounter;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/**
 * The signals of a name as a hot Flux, each subscriber with a reader of its own. {@code onSubscribe} comes once that reader is
 * attached, so that no signal after it is missed: at once if the node has used the name before, else from where files may
 * be opened.
 */
final class SignalFlux extends Flux<Signal> implements Scannable {
    private final NodeSignals signals;
    private final String name;

    private SignalFlux(NodeSignals signals, String name) {
        this.signals = signals;
        this.name = name;
    }

    /** As Reactor's own factories give it, with the hooks for each operator. */
    static Flux<Signal> of(NodeSignals signals, String name) {
        return onAssembly(new SignalFlux(signals, name));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Signal> actual) {
        SignalCounter counter = signals.known(name);
        if (counter != null) {
            attach(actual, counter);
            return;
        }
        try {
            Schedulers.boundedElastic().schedule(() -> openAndAttach(actual));
        } catch (RejectedExecutionException e) {
            Operators.error(actual, e);
        }
    }

    private void openAndAttach(CoreSubscriber<? super Signal> actual) {
        SignalCounter counter;
        try {
            counter = signals.open(name);
        } catch (RuntimeException e) {
            Operators.error(actual, e);
            return;
        }
        attach(actual, counter);
    }

    private void attach(CoreSubscriber<? super Signal> actual, SignalCounter counter) {
        SignalReceiver receiver;
        try {
            receiver = new SignalReceiver(signals, name, counter.join(), signals.loop(), actual);
        } catch (IpcException e) {
            Operators.error(actual, e);
            return;
        }
        actual.onSubscribe(receiver);
        receiver.start();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PREFETCH) {
            return 0;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return key == Attr.NAME ? name : null;
    }
}
