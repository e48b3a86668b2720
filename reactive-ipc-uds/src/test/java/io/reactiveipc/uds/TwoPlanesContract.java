package io.reactiveipc.uds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.uds.session.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds between two nodes on real sockets, whichever kind of socket either has. */
@Timeout(30)
abstract class TwoPlanesContract {
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
}
