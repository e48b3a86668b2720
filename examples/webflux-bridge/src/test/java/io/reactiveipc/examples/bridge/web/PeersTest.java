package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PeersTest {
    private static final Instant START = Instant.ofEpochMilli(1_000_000);

    private final Peers peers = new Peers();
    private final PeerInfo feed = peer("feed");

    @Test
    void aPeerIsReadyAsLongAsItReadsAStream() {
        peers.apply(new PeerEvent.Connected(feed, START));
        assertState(Peers.State.CONNECTED, START);

        peers.apply(new PeerEvent.Ready(feed, START.plusMillis(5), "commands"));
        assertState(Peers.State.READY, START.plusMillis(5));
        assertThat(only().streams()).containsExactly("commands");

        peers.apply(new PeerEvent.NotReady(feed, START.plusMillis(9), "commands", "no demand"));
        assertState(Peers.State.CONNECTED, START.plusMillis(9));
    }

    @Test
    void aHeartbeatTellsOfTheConnectionAndChangesNoState() {
        peers.apply(new PeerEvent.Ready(feed, START, "commands"));

        peers.apply(new PeerEvent.Heartbeat(feed, START.plusMillis(500), 1, Duration.ofNanos(81_999), 640, 0.1));

        assertState(Peers.State.READY, START);
        assertThat(only().roundTripMicros()).isEqualTo(81);
        assertThat(only().lagBytes()).isEqualTo(640);
    }

    @Test
    void aStalePeerThatSpeaksAgainIsWhatItWas() {
        peers.apply(new PeerEvent.Ready(feed, START, "commands"));
        peers.apply(new PeerEvent.Stale(feed, START.plusMillis(2), Duration.ofSeconds(2)));
        assertState(Peers.State.STALE, START.plusMillis(2));

        peers.apply(new PeerEvent.Recovered(feed, START.plusMillis(3), Duration.ofSeconds(3)));

        assertState(Peers.State.READY, START.plusMillis(3));
    }

    @Test
    void onlyTheLastThreeThatWentAreKept() {
        for (int i = 0; i < 5; i++) {
            PeerInfo one = peer("p" + i);
            peers.apply(new PeerEvent.Connected(one, START));
            peers.apply(new PeerEvent.Crashed(one, START, "killed"));
        }
        peers.apply(new PeerEvent.Connected(feed, START));

        assertThat(peers.all()).extracting(Peers.Peer::name).containsExactly("p2", "p3", "p4", "feed");
    }

    private void assertState(Peers.State state, Instant since) {
        assertThat(only().state()).isEqualTo(state);
        assertThat(only().since()).isEqualTo(since.toEpochMilli());
    }

    private Peers.Peer only() {
        assertThat(peers.all()).hasSize(1);
        return peers.all().get(0);
    }

    private static PeerInfo peer(String name) {
        return new PeerInfo(UUID.randomUUID(), name, 4711, START);
    }
}
