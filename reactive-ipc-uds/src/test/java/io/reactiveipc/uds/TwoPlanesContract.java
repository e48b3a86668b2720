package io.reactiveipc.uds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.uds.protocol.FailureCode;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.Refusal;
import io.reactiveipc.uds.session.Limits;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What holds between two nodes on real sockets, whichever kind of socket either has. */
@Timeout(30)
abstract class TwoPlanesContract {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    @TempDir
    Path directory;

    private final Set<UUID> dead = ConcurrentHashMap.newKeySet();
    private final List<ControlPlane> planes = new ArrayList<>();

    abstract String first();

    abstract String second();

    private TestHost host(String name) {
        return new TestHost(directory, name, dead);
    }

    private ControlPlane open(TestHost host, String transport) {
        return open(host, transport, Limits.DEFAULT);
    }

    private ControlPlane open(TestHost host, String transport, Limits limits) {
        ControlPlane plane = new UdsControlPlaneProvider(transport, limits).open(host);
        planes.add(plane);
        return plane;
    }

    @BeforeAll
    static void watchForLeaks() {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    @AfterAll
    static void nothingLeaked() {
        System.gc();
        // A leak is reported when the next buffer is made.
        for (int i = 0; i < 1_000; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64).release();
            ByteBufAllocator.DEFAULT.buffer(64).release();
        }
        assertThat(LEAKS).isEmpty();
    }

    @AfterEach
    void closeAll() {
        planes.forEach(plane -> plane.close().block());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void bothSidesLearnOfEachOther() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.connect(b.node());

            assertThat(seenByA.await(PeerEvent.Connected.class).peer()).isEqualTo(b.self);
            assertThat(seenByB.await(PeerEvent.Connected.class).peer()).isEqualTo(a.self);
        }
    }

    @Test
    void readinessIsALevelThatLateObserversSee() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        planeA.readiness("early", true, "");
        planeA.connect(b.node());
        try (EventLog seenByB = new EventLog(planeB.events())) {
            seenByB.await(PeerEvent.Ready.class, ready -> ready.stream().equals("early"));
            planeA.readiness("late", true, "");
            planeA.readiness("late", true, "");
            seenByB.await(PeerEvent.Ready.class, ready -> ready.stream().equals("late"));
            planeA.readiness("early", false, "paused");
            PeerEvent.NotReady notReady = seenByB.await(PeerEvent.NotReady.class);
            assertThat(notReady.stream()).isEqualTo("early");
            assertThat(notReady.reason()).isEqualTo("paused");
            assertThat(seenByB.all(PeerEvent.Ready.class)).hasSize(2);

            List<PeerEvent> late = planeB.events().take(2).collectList().block();
            assertThat(late).hasSize(2);
            assertThat(late.get(0)).isEqualTo(seenByB.await(PeerEvent.Connected.class));
            assertThat(late.get(1)).isEqualTo(seenByB.await(PeerEvent.Ready.class, ready -> ready.stream()
                    .equals("late")));
        }
    }

    @Test
    void goodbyeIsLeftOnceAndNeverCrashed() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByB = new EventLog(planeB.events().doOnNext(event -> {
            if (event instanceof PeerEvent.Left) {
                assertThat(b.gone).containsExactly(a.node());
            }
        }))) {
            planeA.connect(b.node());
            seenByB.await(PeerEvent.Connected.class);

            planeA.close().block();
            dead.add(a.node());

            assertThat(seenByB.await(PeerEvent.Left.class).peer()).isEqualTo(a.self);
            assertThat(b.gone).containsExactly(a.node());
            planeB.close().block();
            seenByB.awaitComplete();
            assertThat(seenByB.changes()).hasExactlyElementsOfTypes(PeerEvent.Connected.class, PeerEvent.Left.class);
        }
    }

    @Test
    void closingRightAfterConnectingIsAGoodbyeToo() throws Exception {
        for (int round = 0; round < 50; round++) {
            TestHost a = host("a" + round);
            TestHost b = host("b" + round);
            ControlPlane planeA = open(a, first());
            ControlPlane planeB = open(b, second());
            try (EventLog seenByB = new EventLog(planeB.events())) {
                planeA.connect(b.node());
                if (round % 2 == 0) {
                    seenByB.await(PeerEvent.Connected.class);
                }
                planeA.close().block();
                dead.add(a.node());
                planeB.close().block();
                seenByB.awaitComplete();
                assertThat(seenByB.all(PeerEvent.Crashed.class)).isEmpty();
                assertThat(seenByB.all(PeerEvent.Left.class)).hasSameSizeAs(seenByB.all(PeerEvent.Connected.class));
            }
        }
    }

    @Test
    void heartbeatsCarryFiguresAndStopAtOnce() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        b.lagBytes = 12_345;
        b.ringFill = 0.5;
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.connect(b.node());
            Disposable handle = planeA.startHeartbeat(Duration.ofMillis(5));
            seenByA.awaitCount(PeerEvent.Heartbeat.class, 5);
            PeerEvent.Heartbeat heartbeat = seenByA.await(PeerEvent.Heartbeat.class);
            assertThat(heartbeat.lagBytes()).isEqualTo(12_345);
            assertThat(heartbeat.ringFill()).isEqualTo(0.5);
            assertThat(heartbeat.roundTrip()).isPositive();
            handle.dispose();
            planeB.readiness("after", true, "");
            seenByA.await(PeerEvent.Ready.class);
            int stopped = seenByA.all(PeerEvent.Heartbeat.class).size();
            planeA.close().block();
            seenByA.awaitComplete();
            assertThat(seenByA.all(PeerEvent.Heartbeat.class)).hasSize(stopped);
            assertThat(seenByB.all(PeerEvent.Heartbeat.class)).isEmpty();
        }
    }

    @Test
    void aSchedulerThatIsGivenTellsTheTime() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        AtomicInteger asked = new AtomicInteger();
        TestHost a = new TestHost(directory, "a", dead) {
            @Override
            public long lagBehind(UUID node) { // for each question
                return asked.incrementAndGet();
            }
        };
        a.scheduler = time;
        a.heartbeatInterval = Duration.ofHours(1);
        a.staleAfter = Duration.ofDays(1);
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByB = new EventLog(planeB.events())) {
            planeA.connect(b.node());
            seenByB.await(PeerEvent.Connected.class);
            planeA.readiness("connected at the other end, too", true, "");
            seenByB.await(PeerEvent.Ready.class);
            assertThat(asked).hasValue(0);
            while (asked.get() < 3) {
                time.advanceTimeBy(Duration.ofHours(1));
                Thread.sleep(1); // what was due is asked on the control loop, and only then the next one is scheduled
            }
        }
    }

    @Test
    void wakeUpsArriveAndManyBecomeFew() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.wake(b.node());
            planeA.connect(b.node());
            seenByA.await(PeerEvent.Connected.class);
            int asked = 200_000;
            for (int i = 0; i < asked; i++) {
                planeA.wake(b.node());
            }
            planeA.readiness("behind the wakes", true, "");
            seenByB.await(PeerEvent.Ready.class);
            assertThat(b.wakeUps.get()).isBetween(1, asked / 2);
            assertThat(a.wakeUps.get()).isZero();
            planeA.wake(UUID.randomUUID());
        }
    }

    @Test
    void aCutConnectionIsMadeAnewWithoutEventsAndWithTheLevelsOfNow() throws Exception {
        Path ofB = Files.createTempDirectory(directory, "b");
        TestHost a = host("a");
        TestHost b = new TestHost(ofB, "b", dead);
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (Relay relay = new Relay(directory, ofB, b.node());
                EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.readiness("stays", true, "");
            planeA.connect(b.node());
            seenByB.await(PeerEvent.Ready.class);
            for (int round = 1; round <= 5; round++) {
                String stream = "round " + round;
                relay.cut();
                planeA.readiness(stream, true, "");
                seenByB.await(PeerEvent.Ready.class, ready -> ready.stream().equals(stream));
            }
            assertThat(relay.connections.get()).isGreaterThanOrEqualTo(2);
            assertThat(seenByA.changes()).hasExactlyElementsOfTypes(PeerEvent.Connected.class);
            assertThat(seenByB.all(PeerEvent.Connected.class)).hasSize(1);
            assertThat(seenByB.all(PeerEvent.Ready.class)).hasSize(6);
            assertThat(seenByB.changes()).hasSize(7);

            dead.add(a.node());
            dead.add(b.node());
            relay.close();
            assertThat(seenByB.await(PeerEvent.Crashed.class).peer()).isEqualTo(a.self);
            assertThat(seenByA.await(PeerEvent.Crashed.class).peer()).isEqualTo(b.self);
            assertThat(b.gone).containsExactly(a.node());
        } finally {
            planeA.close().block();
            planeB.close().block();
            Files.delete(ofB);
        }
    }

    @Test
    void twoNodesThatConnectToEachOtherSeeEachOtherOnce() throws Exception {
        for (int round = 0; round < 50; round++) {
            TestHost a = host("a" + round);
            TestHost b = host("b" + round);
            ControlPlane planeA = open(a, first());
            ControlPlane planeB = open(b, second());
            try (EventLog seenByA = new EventLog(planeA.events());
                    EventLog seenByB = new EventLog(planeB.events())) {
                planeA.connect(b.node());
                planeB.connect(a.node());
                planeA.readiness("of a", true, "");
                planeB.readiness("of b", true, "");
                seenByA.await(PeerEvent.Ready.class);
                seenByB.await(PeerEvent.Ready.class);
                planeA.readiness("of a", false, "end");
                seenByB.await(PeerEvent.NotReady.class);
                assertThat(seenByA.changes())
                        .hasExactlyElementsOfTypes(PeerEvent.Connected.class, PeerEvent.Ready.class);
                assertThat(seenByB.changes())
                        .hasExactlyElementsOfTypes(
                                PeerEvent.Connected.class, PeerEvent.Ready.class, PeerEvent.NotReady.class);
                planeA.close().block();
                planeB.close().block();
            }
        }
    }

    @Test
    void sixtyFourNodesFindEachOther() throws Exception {
        List<TestHost> hosts = new ArrayList<>();
        List<ControlPlane> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            hosts.add(host("n" + i));
            all.add(open(hosts.get(i), i % 2 == 0 ? first() : second()));
        }
        TestHost hub = hosts.get(0);
        try (EventLog seenByHub = new EventLog(all.get(0).events())) {
            for (int i = 1; i < 64; i++) {
                all.get(i).connect(hub.node());
                all.get(i).connect(hosts.get(i - 1).node());
                all.get(i).readiness("s" + i, true, "");
            }
            seenByHub.awaitCount(PeerEvent.Connected.class, 63);
            seenByHub.awaitCount(PeerEvent.Ready.class, 63);
            for (int i = 1; i < 64; i++) {
                all.get(i).close().block();
            }
            seenByHub.awaitCount(PeerEvent.Left.class, 63);
            Set<UUID> left = new HashSet<>();
            seenByHub
                    .all(PeerEvent.Left.class)
                    .forEach(event -> left.add(event.peer().node()));
            assertThat(left).hasSize(63);
            assertThat(seenByHub.all(PeerEvent.Crashed.class)).isEmpty();
        }
    }

    @Test
    void aPeerThatStartsLaterIsFound() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        try (EventLog seenByA = new EventLog(planeA.events())) {
            planeA.connect(b.node());
            // A file without a listener is no peer either.
            Files.createFile(directory.resolve(b.node() + ".sock"));
            planeA.connect(b.node());
            Files.delete(directory.resolve(b.node() + ".sock"));
            open(b, second());
            assertThat(seenByA.await(PeerEvent.Connected.class).peer()).isEqualTo(b.self);
        }
    }

    @Test
    void aGoodbyeIsReadEvenIfWhatIsWrittenMeetsAClosedSocket() throws Exception {
        TestHost b = host("b");
        b.heartbeatInterval = Duration.ofMillis(1);
        ControlPlane planeB = open(b, second());
        try (EventLog seenByB = new EventLog(planeB.events())) {
            for (int round = 1; round <= 100; round++) {
                try (RawPeer peer = RawPeer.greeted(directory, b.node())) {
                    peer.await(Frame.Heartbeat.class);
                    peer.send(new Frame.Goodbye("round " + round));
                    dead.add(peer.self.node());
                }
                seenByB.awaitCount(PeerEvent.Left.class, round);
            }
            assertThat(seenByB.all(PeerEvent.Crashed.class)).isEmpty();
        }
    }

    @Test
    void strangersAreCutOffAndNobodyElseNotices() throws Exception {
        TestHost a = host("a");
        TestHost b = host("b");
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second(), new Limits(10_000, 64, 100, Duration.ofSeconds(3)));
        try (EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.connect(b.node());
            seenByB.await(PeerEvent.Connected.class);

            try (RawPeer newer = new RawPeer(directory, b.node())) {
                newer.send(new Frame.Hello(9, 1, b.node(), newer.self));
                assertThat(newer.await(Frame.Refused.class).code()).isEqualTo(Refusal.VERSION);
                newer.awaitEnd();
            }
            try (RawPeer garbage = new RawPeer(directory, b.node())) {
                garbage.send(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                assertThat(garbage.await(Frame.Failure.class).code()).isEqualTo(FailureCode.LENGTH);
            }
            try (RawPeer silent = new RawPeer(directory, b.node())) {
                assertThat(silent.await(Frame.Failure.class).code()).isEqualTo(FailureCode.TIMEOUT);
                silent.awaitEnd();
            }
            try (RawPeer flooding = RawPeer.greeted(directory, b.node())) {
                Frame[] flood = new Frame[1_000];
                Arrays.fill(flood, new Frame.Synced());
                try {
                    for (int i = 0; i < 1_000; i++) {
                        flooding.send(flood);
                    }
                } catch (IOException e) {
                    // Cut off while it was writing.
                }
                seenByB.await(PeerEvent.Connected.class, event -> event.peer().equals(flooding.self));
                dead.add(flooding.self.node());
            }
            seenByB.await(PeerEvent.Crashed.class);
            planeA.readiness("still there", true, "");
            seenByB.await(PeerEvent.Ready.class);
            assertThat(seenByA.changes()).hasExactlyElementsOfTypes(PeerEvent.Connected.class);
        }
    }

    @Test
    void aSocketThatWasRemovedIsMadeAnewAndConnectionsGoOn() throws Exception {
        Path sockets = directory.resolve("ctl");
        TestHost a = new TestHost(sockets, "a", dead);
        TestHost b = new TestHost(sockets, "b", dead);
        TestHost late = new TestHost(sockets, "late", dead);
        ControlPlane planeA = open(a, first());
        ControlPlane planeB = open(b, second());
        try (EventLog seenByA = new EventLog(planeA.events());
                EventLog seenByB = new EventLog(planeB.events())) {
            planeA.connect(b.node());
            seenByB.await(PeerEvent.Connected.class);

            remove(sockets, List.of(a.node(), b.node()));

            open(late, first()).connect(b.node());
            seenByB.await(PeerEvent.Connected.class, event -> event.peer().equals(late.self));
            planeA.readiness("still there", true, "");
            seenByB.await(PeerEvent.Ready.class);
            assertThat(seenByA.changes()).hasExactlyElementsOfTypes(PeerEvent.Connected.class);
            assertThat(seenByB.changes())
                    .hasExactlyElementsOfTypes(
                            PeerEvent.Connected.class, PeerEvent.Connected.class, PeerEvent.Ready.class);
        }
        for (ControlPlane plane : planes) {
            plane.close().block();
        }
        Files.delete(sockets);
    }

    /** With the sockets of nodes that run, again for one that has made its socket anew meanwhile. */
    private static void remove(Path sockets, List<UUID> nodes) throws IOException {
        while (true) {
            for (UUID node : nodes) {
                Files.deleteIfExists(sockets.resolve(node + ".sock"));
            }
            try {
                Files.delete(sockets);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (Thread.interrupted()) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aTakenPathIsRefusedAndLeftAlone() throws Exception {
        TestHost a = host("a");
        Path socket = directory.resolve(a.node() + ".sock");
        try (ServerSocketChannel squatter = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            squatter.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> open(a, first()))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining(socket.toString())
                    .hasMessageContaining("remove it");
            assertThat(socket).exists();
        }
        Files.delete(socket);
    }

    @Test
    void aPathThatIsTooLongIsRefusedAndTheLongestIsNot() throws Exception {
        int free = SocketFile.MAX_PATH_BYTES - directory.toString().length() - "/".length() - 1 - 36 - ".sock".length();
        TestHost fits = new TestHost(directory.resolve("d".repeat(free)), "fits", dead);
        open(fits, first()).close().block();
        assertThat(Files.getPosixFilePermissions(fits.socketDirectory()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.delete(fits.socketDirectory());

        TestHost tooLong = new TestHost(directory.resolve("d".repeat(free + 1)), "too long", dead);
        assertThatThrownBy(() -> open(tooLong, first()))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("107")
                .hasMessageContaining(tooLong.node().toString())
                .hasMessageContaining("1 bytes shorter");
    }

    @Test
    void afterTheEndNothingIsTakenNothingThrownAndNoThreadLeft() throws Exception {
        TestHost a = host("ended");
        ControlPlane plane = open(a, first());
        plane.close().block();
        plane.close().block();
        plane.connect(UUID.randomUUID());
        plane.readiness("late", true, "");
        plane.wake(UUID.randomUUID());
        plane.startHeartbeat(Duration.ofSeconds(1)).dispose();
        assertThat(plane.events().collectList().block()).isEmpty();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("reactive-ipc-" + a.self.name() + "-control")) {
                thread.join();
            }
        }
    }
}
