package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How it is with the feed, as far as that can be known. */
@Timeout(20)
class PictureTest {
    private static final long NOW = 1_000_000;
    private static final long PID = 4711;

    @Test
    void aFeedIsAwaitedUntilItsFirstWord() {
        assertThat(Picture.state(null, 0, List.of(), NOW)).isEqualTo(Picture.Feed.AWAITED);
        assertThat(Picture.state(null, 1, peers(Peers.State.READY), NOW)).isEqualTo(Picture.Feed.AWAITED);
    }

    @Test
    void aFeedThatSpokeJustNowIsLive() {
        assertThat(Picture.state(spoke(3_500, false), 1, peers(Peers.State.READY), NOW))
                .isEqualTo(Picture.Feed.LIVE);
    }

    @Test
    void aFeedThatIsSilentIsStalledAlsoIfItWasNeverMet() {
        assertThat(Picture.state(spoke(3_501, false), 1, List.of(), NOW)).isEqualTo(Picture.Feed.STALLED);
        assertThat(Picture.state(spoke(10, false), 1, peers(Peers.State.STALE), NOW))
                .isEqualTo(Picture.Feed.STALLED);
    }

    @Test
    void aPausedFeedMayBeSilentButMustAnswer() {
        assertThat(Picture.state(spoke(100_000, true), 1, peers(Peers.State.READY), NOW))
                .isEqualTo(Picture.Feed.PAUSED);
        assertThat(Picture.state(spoke(100_000, true), 1, peers(Peers.State.STALE), NOW))
                .isEqualTo(Picture.Feed.STALLED);
    }

    @Test
    void aFeedIsGoneUntilItsSuccessorSpeaks() {
        assertThat(Picture.state(spoke(10, false), 0, List.of(), NOW)).isEqualTo(Picture.Feed.GONE);
        assertThat(Picture.state(spoke(10, false), 1, peers(Peers.State.CRASHED), NOW))
                .isEqualTo(Picture.Feed.GONE);
    }

    private static Snapshot spoke(long ago, boolean paused) {
        return new Snapshot(
                7,
                PID,
                NOW - ago,
                new Settings(500, Settings.Sort.CPU, paused, ""),
                new Snapshot.Ring(1, 1, 1),
                List.of(),
                new Snapshot.Memory(1, 1, 1, 1, 1),
                List.of(),
                0,
                List.of());
    }

    private static List<Peers.Peer> peers(Peers.State state) {
        return List.of(new Peers.Peer(UUID.randomUUID(), "feed", PID, state, NOW, List.of(), 1, 0));
    }
}
