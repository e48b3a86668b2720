package io.reactiveipc.internal.node;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Joins the two planes of a node: tells the control plane whose streams are read and which are wanted, and the data plane
 * who has gone. Without a control plane streams work all the same, and events are refused.
 */
public final class PeerLink implements ControlPlaneHost {
    /**
     * What {@code IpcNode.Builder} collected for the control plane.
     *
     * @param heartbeatInterval zero for none
     * @param staleAfter silence after which a peer is stale
     * @param scheduler clock and timers, or null for those that each has
     */
    public record Options(
            Duration heartbeatInterval,
            Duration staleAfter,
            @Nullable Scheduler scheduler) {}

    /** What the node's subscriptions know of the rings they read. */
    public interface Readings {
        /** Bytes not read yet of the streams of a node. */
        long lagBehind(UUID node);

        /** How full the fullest ring of a node is, from 0 to 1. */
        double ringFill(UUID node);

        /**
         * Looks for subscriptions whose demand has ceased.
         *
         * @return whether there are any whose demand may cease
         */
        boolean lookForPauses();
    }

    /** A subscription without demand for as long is not ready; one that asks for one message at a time is. */
    private static final long PAUSE_MILLIS = 250;

    private final DataPlane dataPlane;
    private final Options options;
    private final Runnable wakeUp;
    private final Readings readings;
    private final @Nullable ControlPlane control;
    private final Object pauseLock = new Object();
    private Disposable pauses = Disposables.disposed();
    private int quietLooks;
    private boolean closed;
    private final Map<String, Integer> readySubscriptions = new HashMap<>();

    /**
     * @param provider null for a node without events
     * @param wakeUp makes the poll loops look
     */
    public PeerLink(
            DataPlane dataPlane,
            @Nullable ControlPlaneProvider provider,
            Options options,
            Runnable wakeUp,
            Readings readings) {
        this.dataPlane = dataPlane;
        this.options = options;
        this.wakeUp = wakeUp;
        this.readings = readings;
        this.control = provider == null ? null : provider.open(this);
    }

    // ---- what streams tell ------------------------------------------------------------------------------------------

    /** A publication that we read was found. */
    public void found(Session session) {
        if (control != null && !session.node().equals(self().node())) {
            control.connect(session.node());
        }
    }

    /** One subscription began or ceased to want its stream; the stream is ready while at least one does. */
    public void readiness(String stream, boolean ready, String reason) {
        if (control == null) {
            return;
        }
        synchronized (readySubscriptions) {
            int count = readySubscriptions.merge(stream, ready ? 1 : -1, Integer::sum);
            if (count == 0) {
                readySubscriptions.remove(stream);
            }
            if (ready ? count == 1 : count == 0) {
                control.readiness(stream, ready, ready ? "" : reason);
            }
        }
    }

    /** A subscription wants its stream: from now on it is watched for the end of its demand, which nobody tells. */
    public void lookOutForPauses() {
        if (control == null) {
            return;
        }
        synchronized (pauseLock) {
            quietLooks = 0;
            if (!closed && pauses.isDisposed()) {
                try {
                    Scheduler given = options.scheduler();
                    pauses = (given != null ? given : Schedulers.parallel())
                            .schedulePeriodically(
                                    this::lookForPauses, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    closed = true; // the scheduler ended before the node did: nothing is timed any more
                }
            }
        }
    }

    /** Under the lock, so that nobody counts on a timer that is just being stopped. */
    private void lookForPauses() {
        synchronized (pauseLock) {
            // A second look without need: a request that the first one met halfway is seen by it.
            int quiet = quietLooks + 1;
            quietLooks = readings.lookForPauses() ? 0 : quiet;
            if (quietLooks >= 2) {
                pauses.dispose();
            }
        }
    }

    // ---- events -----------------------------------------------------------------------------------------------------

    public Flux<PeerEvent> events() {
        return control == null ? Flux.error(PeerLink::noControlPlane) : control.events();
    }

    /** Events of the nodes that a predicate accepts at the time. */
    public Flux<PeerEvent> eventsOf(Predicate<UUID> nodes) {
        return events().filter(event -> nodes.test(event.peer().node()));
    }

    /** Events of the nodes that read a stream of ours, each from its first word on that stream. */
    public Flux<PeerEvent> eventsOfSubscribers(String stream) {
        return Flux.defer(() -> {
            Set<UUID> seen = ConcurrentHashMap.newKeySet();
            return events().filter(event -> {
                if (event instanceof PeerEvent.Ready ready) {
                    return ready.stream().equals(stream) && remember(seen, event);
                }
                if (event instanceof PeerEvent.NotReady notReady) {
                    return notReady.stream().equals(stream) && remember(seen, event);
                }
                return seen.contains(event.peer().node());
            });
        });
    }

    private static boolean remember(Set<UUID> seen, PeerEvent event) {
        seen.add(event.peer().node());
        return true;
    }

    public Disposable startHeartbeat(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("heartbeat interval must be positive: " + interval);
        }
        if (control == null) {
            throw noControlPlane();
        }
        return control.startHeartbeat(interval);
    }

    private static IpcException noControlPlane() {
        return new IpcException(
                ErrorCode.NO_TRANSPORT,
                "this node has no control plane; add io.reactiveipc:reactive-ipc-uds to the class path, or name one with"
                        + " controlPlane(…), and leave withoutControlPlane() out");
    }

    public Mono<Void> close() {
        synchronized (pauseLock) {
            closed = true;
            pauses.dispose();
        }
        return control == null ? Mono.empty() : control.close();
    }

    // ---- what the control plane asks --------------------------------------------------------------------------------

    @Override
    public PeerInfo self() {
        return dataPlane.self();
    }

    @Override
    public Path socketDirectory() {
        return dataPlane.socketDirectory();
    }

    @Override
    public boolean isAlive(UUID node) {
        return dataPlane.isAlive(node);
    }

    @Override
    public void peerGone(UUID node) {
        dataPlane.lookAfterDead();
    }

    @Override
    public void wakeUp() {
        wakeUp.run();
    }

    @Override
    public long lagBehind(UUID node) {
        return readings.lagBehind(node);
    }

    @Override
    public double ringFill(UUID node) {
        return readings.ringFill(node);
    }

    @Override
    public Duration heartbeatInterval() {
        return options.heartbeatInterval();
    }

    @Override
    public Duration staleAfter() {
        return options.staleAfter();
    }

    @Override
    public @Nullable Scheduler scheduler() {
        return options.scheduler();
    }
}
