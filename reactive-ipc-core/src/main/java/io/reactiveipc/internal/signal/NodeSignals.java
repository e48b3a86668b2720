package io.reactiveipc.internal.signal;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Signal;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.SignalCounter;
import io.reactiveipc.spi.StreamDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The names that a node has signalled or listened to, and who listens. A name once used stays open as long as the node. */
public final class NodeSignals implements Disposable {
    private final String nodeName;
    private final DataPlane plane;
    private final Supplier<PollLoop> loops;
    private final Map<String, SignalCounter> counters = new ConcurrentHashMap<>();
    private final Set<SignalReceiver> receivers = new HashSet<>(); // under the monitor
    private volatile boolean disposed;

    /** @param loops the poll loop for the next subscriber */
    public NodeSignals(String nodeName, DataPlane plane, Supplier<PollLoop> loops) {
        this.nodeName = nodeName;
        this.plane = plane;
        this.loops = loops;
    }

    /** Counts a signal at each subscription: at once if the name is open, else where files may be opened. */
    public Mono<Void> signal(String name) {
        StreamDefinition.checkName("signal name", name);
        return Mono.defer(() -> {
            if (disposed) {
                return Mono.error(closed());
            }
            SignalCounter counter = counters.get(name);
            if (counter == null) {
                return Mono.<Void>fromRunnable(() -> open(name).signal()).subscribeOn(Schedulers.boundedElastic());
            }
            counter.signal();
            return Mono.empty();
        });
    }

    public Flux<Signal> signals(String name) {
        StreamDefinition.checkName("signal name", name);
        return SignalFlux.of(this, name);
    }

    @Nullable
    SignalCounter known(String name) {
        return disposed ? null : counters.get(name);
    }

    /** May block on files. */
    SignalCounter open(String name) {
        if (disposed) {
            throw closed();
        }
        SignalCounter counter = plane.signals(name);
        counters.put(name, counter);
        return counter;
    }

    PollLoop loop() {
        return loops.get();
    }

    /** Under the monitor, so that whoever is added is still there for {@link #dispose()} to end. */
    synchronized void attach(SignalReceiver receiver, PollLoop loop) {
        if (disposed) {
            throw closed();
        }
        receivers.add(receiver);
        loop.add(receiver);
    }

    synchronized void detach(SignalReceiver receiver) {
        receivers.remove(receiver);
    }

    @Override
    public void dispose() {
        List<SignalReceiver> open;
        synchronized (this) {
            disposed = true;
            open = new ArrayList<>(receivers);
        }
        open.forEach(receiver -> receiver.close(closed()));
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private IpcException closed() {
        return new IpcException(ErrorCode.CLOSED, "node \"" + nodeName + "\" is closed; create another one");
    }
}
