package io.reactiveipc.internal.receive;

import io.reactiveipc.Delivery;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.node.PeerLink;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Follows the publications of a stream and attaches receivers to them. Its state is under its monitor; no bytes pass here. */
public final class RingSubscription<T> implements IpcSubscription<T>, SessionWatch.Listener {
    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RingSubscription> LOST =
            AtomicLongFieldUpdater.newUpdater(RingSubscription.class, "lost");

    /** For two receivers that tell of a loss at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final StreamSpec<T> spec;
    private final PollLoop loop;
    private final PeerLink peers;
    private final Consumer<RingSubscription<?>> onDisposed;
    private final List<Session> sessions = new ArrayList<>();
    private final List<RingReceiver<?>> receivers = new ArrayList<>();
    private final List<MonoSink<Void>> awaitingReady = new ArrayList<>();
    private @Nullable SessionWatch watch;
    private final Set<UUID> publishers = ConcurrentHashMap.newKeySet();
    private final Sinks.Many<PeerEvent> losses = Sinks.many().multicast().directBestEffort();
    private final AtomicInteger leased = new AtomicInteger();
    private volatile long lost;
    private long received; // by receivers that have ended
    private long receivedBytes;
    private boolean disposed;
    private boolean wanted;

    private RingSubscription(
            StreamSpec<T> spec, PollLoop loop, PeerLink peers, Consumer<RingSubscription<?>> onDisposed) {
        this.spec = spec;
        this.loop = loop;
        this.peers = peers;
        this.onDisposed = onDisposed;
    }

    /**
     * @param onDisposed told once, when the subscription ends
     * @throws IpcException if a publication exists that does not fit the spec
     */
    public static <T> RingSubscription<T> open(
            StreamSpec<T> spec,
            DataPlane plane,
            PollLoop loop,
            PeerLink peers,
            Consumer<RingSubscription<?>> onDisposed) {
        RingSubscription<T> subscription = new RingSubscription<>(spec, loop, peers, onDisposed);
        SessionWatch watch = plane.watch(spec.definition(), subscription);
        synchronized (subscription) {
            subscription.watch = watch;
        }
        return subscription;
    }

    // ---- receiving --------------------------------------------------------------------------------------------------

    @Override
    public Flux<T> receive() {
        return RingFlux.of(this, RecordMapper.decoding(stream(), spec.codec()), false);
    }

    @Override
    public <R> Flux<R> receive(Function<? super Message, ? extends R> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return RingFlux.of(this, RecordMapper.inPlace(mapper), false);
    }

    @Override
    public Flux<Message> messages() {
        return RingFlux.of(this, RecordMapper.copying(), false);
    }

    @Override
    public Flux<Message> leases() {
        if (spec.definition().reading().delivery().kind() == Delivery.Kind.LATEST) {
            throw noLeases("delivery(LATEST)");
        }
        return RingFlux.of(this, RecordMapper.leasing(), true);
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
                receiver.admit(join(session, receiver, false));
            }
        }
        loop.add(receiver);
        tellWanted("");
    }

    private RingConsumer join(Session session, RingReceiver<?> receiver, boolean fromStart) {
        if (receiver.isLeasing() && session.mayOverwrite()) {
            throw noLeases("a publication (session " + session.id() + ") that overwrites or evicts");
        }
        return session.join(fromStart, (consumer, first, last) -> lost(session, first, last));
    }

    private IpcException noLeases(String what) {
        return new IpcException(
                ErrorCode.INCOMPATIBLE_STREAM,
                "stream \"" + stream() + "\": leases would be overwritten while they are held, with " + what
                        + "; use messages(), which are copies");
    }

    /** On a polling thread, inside its turnstile: the events are handed to their subscribers elsewhere. */
    private void lost(Session session, long first, long last) {
        LOST.addAndGet(this, last - first + 1);
        losses.emitNext(
                new PeerEvent.Gap(session.publisher(), Instant.now(), stream(), session.id(), first, last),
                Sinks.EmitFailureHandler.busyLooping(PATIENCE));
    }

    void detach(RingReceiver<?> receiver) {
        loop.remove(receiver);
        synchronized (this) {
            if (receivers.remove(receiver)) {
                received += receiver.received();
                receivedBytes += receiver.receivedBytes();
            }
        }
        tellWanted("cancelled");
    }

    /**
     * Looks whether demand has ceased since the last look. The node calls it a few times a second, while it may.
     *
     * @return whether it may cease without a word to {@link #tellWanted}
     */
    public boolean lookForPause() {
        tellWanted("paused");
        synchronized (this) {
            return receivers.stream().anyMatch(RingReceiver::mayPause);
        }
    }

    /** Peers are told when the stream begins or ceases to be wanted here. */
    void tellWanted(String reason) {
        boolean now;
        synchronized (this) {
            now = receivers.stream().anyMatch(RingReceiver::wantsMore);
            if (now != wanted) {
                wanted = now;
                peers.readiness(stream(), now, reason);
            }
        }
        if (now) {
            peers.lookOutForPauses();
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
            sessions.removeIf(Session::ended); // each keeps its ring mapped
            sessions.add(session);
            publishers.add(session.node());
            // A copy, as one that was cancelled is detached when it is told.
            for (RingReceiver<?> receiver : List.copyOf(receivers)) {
                try {
                    receiver.admit(join(session, receiver, true));
                } catch (IpcException e) {
                    receiver.close(e);
                }
            }
            ready = new ArrayList<>(awaitingReady);
            awaitingReady.clear();
        }
        peers.found(session);
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
    public Flux<PeerEvent> events() {
        return peers.eventsOf(publishers::contains)
                .mergeWith(losses.asFlux().onBackpressureBuffer().publishOn(Schedulers.parallel()));
    }

    @Override
    public long lost() {
        return lost;
    }

    @Override
    public synchronized long received() {
        return received + receivers.stream().mapToLong(RingReceiver::received).sum();
    }

    @Override
    public synchronized long receivedBytes() {
        return receivedBytes
                + receivers.stream().mapToLong(RingReceiver::receivedBytes).sum();
    }

    @Override
    public int leased() {
        return leased.get();
    }

    /** Bytes not read yet of the streams of a node, by the slowest receiver. */
    public synchronized long lagBehind(UUID node) {
        return receivers.stream()
                .mapToLong(receiver -> receiver.lagBehind(node))
                .max()
                .orElse(0);
    }

    /** How full the fullest ring of a node is, from 0 to 1. */
    public synchronized double ringFill(UUID node) {
        return receivers.stream()
                .mapToDouble(receiver -> receiver.ringFill(node))
                .max()
                .orElse(0);
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

    boolean awaitsSuccessor() {
        return spec.definition().reading().awaitSuccessor();
    }

    boolean isAlive(UUID node) {
        return peers.isAlive(node);
    }

    /** For the leases of one receiver on one ring. */
    Leases leases(RingConsumer consumer) {
        RingConsumer.Member member = consumer.member();
        return member == null
                ? new LeaseBook(consumer, spec.definition().reading().maxLeases(), leased)
                : new MemberLeases(consumer, member, leased, loop::wake);
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
        losses.tryEmitComplete();
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
                ErrorCode.CLOSED,
                "the subscription to stream \"" + stream() + "\" was closed here; subscribe to the stream anew");
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
