package io.reactiveipc.test;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.uds.session.Limits;
import io.reactiveipc.uds.session.Link;
import io.reactiveipc.uds.session.Peers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The sessions of one node, over connections in memory. What it does, it does in the host's mailbox. */
final class MemoryControlPlane implements ControlPlane, Executor {
    private final ControlPlaneHost host;
    private final UUID node;
    private final Registry registry;
    private final Mailbox mailbox;
    private final Peers peers;
    private final Scheduler scheduler;
    private final boolean virtual;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    // in the mailbox's turn
    private final Set<MemoryWire> open = new HashSet<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean stalled;
    private boolean gone;

    MemoryControlPlane(ControlPlaneHost host, Registry registry, Mailbox mailbox) {
        this.host = host;
        this.node = host.self().node();
        this.registry = registry;
        this.mailbox = mailbox;
        Scheduler asked = host.scheduler();
        this.scheduler = asked != null ? asked : Schedulers.parallel();
        this.virtual = scheduler instanceof VirtualTimeScheduler || VirtualTimeScheduler.isFactoryEnabled();
        this.peers = new Peers(host, new TimedScheduler(scheduler, mailbox), this, this::dial, Limits.DEFAULT);
        registry.add(node, this);
    }

    /** What a stalled node has to do waits until it goes on. */
    @Override
    public void execute(Runnable action) {
        mailbox.execute(() -> {
            if (stalled) {
                held.add(action);
            } else {
                action.run();
            }
        });
    }

    private void dial(UUID to, Link link) {
        MemoryControlPlane accepter = registry.controlPlane(to);
        if (accepter == null) {
            execute(link::closed);
        } else {
            MemoryWire.connect(this, link, accepter, accepter.peers.accept());
        }
    }

    void opened(MemoryWire wire) {
        open.add(wire);
    }

    void closed(MemoryWire wire) {
        open.remove(wire);
    }

    // ---- faults -----------------------------------------------------------------------------------------------------

    void stall() {
        mailbox.call(() -> stalled = true);
    }

    void resume() {
        mailbox.call(this::goOn);
    }

    private void goOn() {
        stalled = false;
        for (Runnable action = held.poll(); action != null; action = held.poll()) {
            mailbox.execute(action);
        }
    }

    /** Its connections end, and nothing that it says is heard. */
    void crash() {
        mailbox.call(() -> {
            List.copyOf(open).forEach(MemoryWire::cut);
            end("crashed");
        });
    }

    // ---- the node ---------------------------------------------------------------------------------------------------

    /**
     * As the real plane on a scheduler, so that who blocks in there holds nobody up. Not so on a virtual one, where there is
     * nothing to hop to, and which loses a task now and then that another thread schedules while it advances.
     */
    @Override
    public Flux<PeerEvent> events() {
        return virtual
                ? Flux.from(subscriber -> {
                    peers.events().subscribe(subscriber);
                    mailbox.catchUp();
                })
                : peers.events().publishOn(scheduler, false, 1);
    }

    @Override
    public void connect(UUID other) {
        peers.connect(other);
    }

    @Override
    public void readiness(String stream, boolean ready, String reason) {
        peers.readiness(stream, ready, reason);
    }

    @Override
    public void wake(UUID other) {
        peers.wake(other);
    }

    @Override
    public Disposable startHeartbeat(Duration interval) {
        return peers.startHeartbeat(interval);
    }

    /** A node that is closed while it is stalled goes on first, as a process would have to. */
    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            mailbox.execute(() -> {
                goOn();
                mailbox.execute(() -> end("closed"));
            });
            return closed.asMono();
        });
    }

    private void end(String reason) {
        if (!gone) {
            gone = true;
            stalled = false;
            held.clear();
            registry.remove(node, this);
            peers.leave(reason);
            List.copyOf(open).forEach(MemoryWire::close); // behind the goodbye
            closed.tryEmitEmpty();
        }
    }
}
