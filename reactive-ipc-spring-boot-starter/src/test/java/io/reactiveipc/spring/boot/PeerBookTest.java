package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.spring.boot.PeerBook.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Sinks;

@Timeout(20)
class PeerBookTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final PeerInfo PEER = peer();

    private final Sinks.Many<PeerEvent> events = Sinks.many().unicast().onBackpressureBuffer();
    private final PeerBook book = new PeerBook(events.asFlux(), Clock.fixed(START.plusSeconds(100), ZoneOffset.UTC));

    private static PeerInfo peer() {
        return new PeerInfo(UUID.randomUUID(), "peer", 42, START);
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private void happens(PeerEvent event) {
        events.tryEmitNext(event).orThrow();
    }

    private static PeerEvent heartbeat(PeerInfo peer, int second) {
        return new PeerEvent.Heartbeat(peer, at(second), second, Duration.ofMillis(1), 0, 0);
    }

    @Test
    void aPeerIsReadyWhileItWantsOneStreamOfOursAtLeast() {
        happens(new PeerEvent.Connected(PEER, at(1)));
        assertThat(book.count(State.CONNECTED)).isOne();

        happens(new PeerEvent.Ready(PEER, at(2), "a"));
        happens(new PeerEvent.Ready(PEER, at(3), "b"));
        happens(new PeerEvent.NotReady(PEER, at(4), "a", "cancelled"));
        assertThat(book.count(State.READY)).isOne();
        assertThat(book.peers()).singleElement().satisfies(peer -> {
            assertThat(peer.streams()).containsExactly("b");
            assertThat(peer.since()).isEqualTo(at(2));
        });

        happens(new PeerEvent.NotReady(PEER, at(5), "b", "cancelled"));
        assertThat(book.count(State.READY)).isZero();
        assertThat(book.count(State.CONNECTED)).isOne();
    }

    @Test
    void aStalePeerThatRecoversIsAsReadyAsBefore() {
        happens(new PeerEvent.Ready(PEER, at(2), "a"));
        happens(new PeerEvent.Stale(PEER, at(9), Duration.ofSeconds(5)));
        assertThat(book.count(State.STALE)).isOne();
        assertThat(book.count(State.READY)).isZero();

        happens(new PeerEvent.Recovered(PEER, at(10), Duration.ofSeconds(6)));
        assertThat(book.count(State.STALE)).isZero();
        assertThat(book.count(State.READY)).isOne();
    }

    @Test
    void whoWentAwayIsCountedAndRememberedWithTheReason() {
        happens(new PeerEvent.Ready(PEER, at(2), "a"));
        happens(new PeerEvent.Crashed(PEER, at(3), "its lock is free"));
        PeerInfo other = peer();
        happens(new PeerEvent.Left(other, at(4), "closed"));

        assertThat(book.count(State.CRASHED)).isOne();
        assertThat(book.count(State.LEFT)).isOne();
        assertThat(book.count(State.READY)).isZero();
        assertThat(book.peers()).extracting(PeerBook.Peer::remark).containsExactly("its lock is free", "closed");
    }

    @Test
    void onlyTheLastThatWentAwayAreRememberedAndNobodyAliveIsForgotten() {
        happens(new PeerEvent.Connected(PEER, at(0)));
        for (int i = 1; i <= 100; i++) {
            happens(new PeerEvent.Left(peer(), at(i), "the " + i + "th"));
        }
        assertThat(book.count(State.LEFT)).isEqualTo(100);
        assertThat(book.peers()).hasSize(17).first().satisfies(peer -> assertThat(peer.info())
                .isEqualTo(PEER));
        assertThat(book.peers()).last().satisfies(peer -> assertThat(peer.remark())
                .isEqualTo("the 100th"));
    }

    @Test
    void theLongestSilenceIsThatOfThePeerAliveWhoSpokeFirst() {
        assertThat(book.longestSilence()).isEmpty();
        happens(new PeerEvent.Connected(PEER, at(1)));
        assertThat(book.longestSilence()).isEmpty();

        happens(heartbeat(PEER, 40));
        happens(heartbeat(peer(), 90));
        assertThat(book.longestSilence()).contains(Duration.ofSeconds(60));

        happens(heartbeat(PEER, 99));
        assertThat(book.longestSilence()).contains(Duration.ofSeconds(10));
    }

    @Test
    void withoutEventsNothingIsKnown() {
        events.tryEmitError(new IllegalStateException("no control plane"));
        assertThat(book.peers()).isEmpty();
        assertThat(book.count(State.CONNECTED)).isZero();
    }
}
