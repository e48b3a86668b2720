package io.reactiveipc.internal.receive;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Follows the publications of a stream and attaches receivers to them. Its state is under its monitor; no bytes pass here. */
public final class RingSubscription<T> implements IpcSubscription<T>, SessionWatch.Listener {
    private final StreamSpec<T> spec;
    private final PollLoop loop;
    private final Consumer<RingSubscription<?>> onDisposed;
    private final List<Session> sessions = new ArrayList<>();
    private final List<RingReceiver<?>> receivers = new ArrayList<>();
    private final List<MonoSink<Void>> awaitingReady = new ArrayList<>();
    private @Nullable SessionWatch watch;
    private boolean disposed;

    private RingSubscription(StreamSpec<T> spec, PollLoop loop, Consumer<RingSubscription<?>> onDisposed) {
        this.spec = spec;
        this.loop = loop;
        this.onDisposed = onDisposed;
    }

    /**
     * @param onDisposed told once, when the subscription ends
     * @throws IpcException if a publication exists that does not fit the spec
     */
    public static <T> RingSubscription<T> open(
            StreamSpec<T> spec, DataPlane plane, PollLoop loop, Consumer<RingSubscription<?>> onDisposed) {
        RingSubscription<T> subscription = new RingSubscription<>(spec, loop, onDisposed);
        SessionWatch watch = plane.watch(spec.definition(), subscription);
        synchronized (subscription) {
            subscription.watch = watch;
        }
        return subscription;
    }

    // ---- receiving --------------------------------------------------------------------------------------------------

    @Override
    public Flux<T> receive() {
        return new RingFlux<>(this, RecordMapper.decoding(stream(), spec.codec()), false);
    }

    @Override
    public <R> Flux<R> receive(Function<? super Message, ? extends R> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return new RingFlux<>(this, RecordMapper.inPlace(mapper), false);
    }

    @Override
    public Flux<Message> messages() {
        return new RingFlux<>(this, RecordMapper.copying(), false);
    }

    @Override
    public Flux<Message> leases() {
        return new RingFlux<>(this, RecordMapper.leasing(), true);
    }

    void attach(RingReceiver<?> receiver) {
        synchronized (this) {
            if (disposed) {
                throw closed();
            }
            if (receiver.isCancelled()) {
                return;
            }
            receivers.add(receiver);
            sessions.removeIf(Session::ended);
            for (Session session : sessions) {
                receiver.admit(session.join(false));
            }
        }
        loop.add(receiver);
    }

    void detach(RingReceiver<?> receiver) {
        loop.remove(receiver);
        synchronized (this) {
            receivers.remove(receiver);
        }
    }

    // ---- what the transport tells -----------------------------------------------------------------------------------

    @Override
    public void onSession(Session session) {
        List<MonoSink<Void>> ready;
        synchronized (this) {
            if (disposed) {
                return;
            }
            sessions.add(session);
            for (RingReceiver<?> receiver : receivers) {
                try {
                    receiver.admit(session.join(true));
                } catch (IpcException e) {
                    receiver.close(e);
                }
            }
            ready = new ArrayList<>(awaitingReady);
            awaitingReady.clear();
        }
        ready.forEach(MonoSink::success);
    }

    @Override
    public void onRefused(IpcException reason) {
        synchronized (this) {
            receivers.forEach(receiver -> receiver.close(reason));
        }
    }

    void refresh(Runnable then) {
        SessionWatch current;
        synchronized (this) {
            current = watch;
        }
        if (current == null) {
            then.run();
        } else {
            current.refresh(then);
        }
    }

    // ---- state ------------------------------------------------------------------------------------------------------

    @Override
    public Mono<Void> awaitReady() {
        return Mono.create(sink -> {
            synchronized (this) {
                if (disposed) {
                    sink.error(closed());
                    return;
                }
                sessions.removeIf(Session::ended);
                if (sessions.isEmpty()) {
                    awaitingReady.add(sink);
                    sink.onDispose(() -> {
                        synchronized (this) {
                            awaitingReady.remove(sink);
                        }
                    });
                    return;
                }
            }
            sink.success();
        });
    }

    @Override
    public synchronized int publicationCount() {
        sessions.removeIf(Session::ended);
        return sessions.size();
    }

    @Override
    public synchronized long lag() {
        return receivers.stream().mapToLong(RingReceiver::lag).max().orElse(0);
    }

    @Override
    public String stream() {
        return spec.name();
    }

    PollLoop loop() {
        return loop;
    }

    int maxLeases() {
        return spec.definition().maxLeases();
    }

    @Override
    public void dispose() {
        SessionWatch current;
        List<MonoSink<Void>> waiting;
        synchronized (this) {
            if (disposed) {
                return;
            }
            disposed = true;
            current = watch;
            receivers.forEach(receiver -> receiver.close(closed()));
            waiting = new ArrayList<>(awaitingReady);
            awaitingReady.clear();
        }
        waiting.forEach(sink -> sink.error(closed()));
        if (current != null) {
            current.close();
        }
        onDisposed.accept(this);
    }

    @Override
    public synchronized boolean isDisposed() {
        return disposed;
    }

    private IpcException closed() {
        return new IpcException(
                ErrorCode.CLOSED, "the subscription to stream \"" + stream() + "\" was closed here; subscribe to the stream anew");
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.TERMINATED) {
            return isDisposed();
        }
        return key == Attr.NAME ? stream() : null;
    }

    @Override
    public String toString() {
        return "IpcSubscription(" + stream() + ")";
    }
}
