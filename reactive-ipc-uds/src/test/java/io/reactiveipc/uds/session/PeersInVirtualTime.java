package io.reactiveipc.uds.session;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.TestHost;
import io.reactiveipc.uds.protocol.Frame;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One node's peers, in virtual time and without sockets: the test is the other end of each connection. */
abstract class PeersInVirtualTime {
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final TestHost host = new TestHost(Path.of("none"), "self");
    PeerInfo peer = new PeerInfo(idAfterOurs(1), "peer", 1, Instant.EPOCH);
    final List<PeerEvent> events = new ArrayList<>();
    final List<Link> dialled = new ArrayList<>();
    final List<Long> dialledAfterMillis = new ArrayList<>();
    Scheduler clock = time;
    boolean nobodyListens;
    long started;
    Peers peers;

    @BeforeEach
    void start() {
        host.heartbeatInterval = Duration.ofMillis(500);
        host.staleAfter = Duration.ofSeconds(2);
        peers = peers(Limits.DEFAULT);
    }

    Peers peers(Limits limits) {
        started = time.now(TimeUnit.MILLISECONDS);
        Peers made = new Peers(
                host,
                clock,
                Runnable::run,
                (node, link) -> {
                    dialled.add(link);
                    dialledAfterMillis.add(time.now(TimeUnit.MILLISECONDS) - started);
                    if (nobodyListens) {
                        link.closed();
                    }
                },
                limits);
        made.events().subscribe(events::add);
        return made;
    }

    void advance(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    FakeWire answerDial(int index) {
        FakeWire wire = new FakeWire(dialled.get(index));
        dialled.get(index).opened(wire);
        wire.receive(new Frame.Welcome(1, 0, peer));
        return wire;
    }

    /** Whose node is asked by ours, of two that ask each other. */
    UUID idAfterOurs(int number) {
        return new UUID(host.node().getMostSignificantBits() / 2 + (1L << 62), number);
    }

    UUID idBeforeOurs() {
        return new UUID(host.node().getMostSignificantBits() / 2 - (1L << 62), 1);
    }

    FakeWire connected() {
        peers.connect(peer.node());
        return answerDial(dialled.size() - 1);
    }

    FakeWire accepted() {
        FakeWire wire = new FakeWire(peers.accept());
        wire.link.opened(wire);
        wire.receive(new Frame.Hello(1, 0, host.node(), peer));
        return wire;
    }

    List<Class<?>> kinds() {
        return events.stream().<Class<?>>map(Object::getClass).toList();
    }
}
