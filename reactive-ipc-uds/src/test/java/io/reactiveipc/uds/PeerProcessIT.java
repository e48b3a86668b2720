package io.reactiveipc.uds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node in another JVM that is stopped, killed or closed. Detection times are printed, not asserted. */
@Timeout(60)
class PeerProcessIT {
    @TempDir
    Path directory;

    private TestHost host() {
        TestHost host = new TestHost(directory, "parent") {
            @Override
            public boolean isAlive(UUID node) {
                return PeerProcess.isAlive(directory, node);
            }
        };
        host.heartbeatInterval = Duration.ofMillis(50);
        host.staleAfter = Duration.ofSeconds(3); // so that only one that is stopped is silent for so long
        return host;
    }

    private static void print(String what, String transport, long since) {
        System.out.printf(
                "%s, %s: noticed after %.1f ms%n",
                what, transport, (System.nanoTime() - since) / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aKilledProcessHasCrashedOnce(String transport) throws Exception {
        for (int round = 0; round < 3; round++) {
            TestHost host = host();
            ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
            try (EventLog events = new EventLog(plane.events());
                    PeerProcess child = new PeerProcess(directory, transport, host.self)) {
                events.await(PeerEvent.Ready.class);
                events.await(PeerEvent.Heartbeat.class);
                long killed = System.nanoTime();
                child.signal("KILL");
                PeerEvent.Crashed crashed = events.await(PeerEvent.Crashed.class);
                print("kill -9", transport, killed);
                assertThat(crashed.peer().node()).isEqualTo(child.node);
                assertThat(host.gone).containsExactly(child.node);
                PeerProcess.removeFiles(directory, child.node);
                plane.close().block();
                events.awaitComplete();
                assertThat(events.changes())
                        .hasExactlyElementsOfTypes(
                                PeerEvent.Connected.class, PeerEvent.Ready.class, PeerEvent.Crashed.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aStoppedProcessIsStaleAndThenRecovers(String transport) throws Exception {
        TestHost host = host();
        ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
        try (EventLog events = new EventLog(plane.events());
                PeerProcess child = new PeerProcess(directory, transport, host.self)) {
            events.await(PeerEvent.Heartbeat.class);
            long stopped = System.nanoTime();
            child.signal("STOP");
            PeerEvent.Stale stale = events.await(PeerEvent.Stale.class);
            print("SIGSTOP, stale after " + host.staleAfter.toMillis() + " ms", transport, stopped);
            assertThat(stale.silence()).isGreaterThanOrEqualTo(host.staleAfter);
            // Far more than the socket takes, and nobody reads.
            for (int i = 0; i < 100_000; i++) {
                plane.wake(child.node);
            }
            long resumed = System.nanoTime();
            child.signal("CONT");
            events.await(PeerEvent.Recovered.class);
            print("SIGCONT", transport, resumed);
            assertThat(host.gone).isEmpty();

            child.askToClose();
            assertThat(events.await(PeerEvent.Left.class).reason()).isEqualTo("closed");
            assertThat(events.all(PeerEvent.Crashed.class)).isEmpty();
            assertThat(events.all(PeerEvent.Connected.class)).hasSize(1);
            assertThat(directory.resolve(child.node + ".sock")).doesNotExist();
        } finally {
            plane.close().block();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aProcessThatIsKilledWhileStoppedHasCrashed(String transport) throws Exception {
        TestHost host = host();
        ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
        try (EventLog events = new EventLog(plane.events());
                PeerProcess child = new PeerProcess(directory, transport, host.self)) {
            events.await(PeerEvent.Connected.class);
            child.signal("STOP");
            events.await(PeerEvent.Stale.class);
            child.signal("KILL");
            events.await(PeerEvent.Crashed.class);
            assertThat(events.all(PeerEvent.Recovered.class)).isEmpty();
        } finally {
            plane.close().block();
        }
    }
}
