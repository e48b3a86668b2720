package io.reactiveipc.uds.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.TestHost;
import io.reactiveipc.uds.protocol.FailureCode;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of {@link PeerSession}, but for heartbeats. */
@Timeout(30)
class PeersTest extends PeersInVirtualTime {
    @Test
    void aHandshakeThatIsDialledTellsWhoAndWhatIsReady() {
        peers.readiness("prices", true, "");
        FakeWire wire = connected();
        assertThat(wire.sent)
                .containsExactly(
                        new Frame.Hello(1, 0, peer.node(), host.self), new Frame.Ready("prices"), new Frame.Synced());
        assertThat(events).singleElement().satisfies(event -> assertThat(event.peer())
                .isEqualTo(peer));
        peers.connect(peer.node());
        assertThat(dialled).hasSize(1);
    }

    @Test
    void aHandshakeThatIsAcceptedIsAnsweredWithWelcomeFirst() {
        FakeWire wire = accepted();
        assertThat(wire.sent).containsExactly(new Frame.Welcome(1, 0, host.self), new Frame.Synced());
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
    }

    @Test
    void readinessIsToldWhenItChanges() {
        FakeWire wire = connected();
        wire.receive(
                new Frame.Ready("a"),
                new Frame.Ready("a"),
                new Frame.Synced(),
                new Frame.NotReady("b", "never was"),
                new Frame.NotReady("a", "paused"),
                new Frame.NotReady("a", "paused"));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Ready.class, PeerEvent.NotReady.class);
    }

    @Test
    void whatIsNotSaidAgainAfterANewConnectionIsNotReadyAnyMore() {
        FakeWire first = connected();
        first.receive(new Frame.Ready("a"), new Frame.Ready("b"), new Frame.Synced());
        first.close();
        FakeWire second = answerDial(1);
        second.receive(new Frame.Ready("b"), new Frame.Ready("c"), new Frame.Synced());
        assertThat(events.stream().filter(PeerEvent.NotReady.class::isInstance))
                .singleElement()
                .satisfies(event ->
                        assertThat(((PeerEvent.NotReady) event).stream()).isEqualTo("a"));
        assertThat(events.stream().filter(PeerEvent.Ready.class::isInstance)).hasSize(3);
    }

    @Test
    void dialsAgainEverMoreSlowlyWhileThePeerLives() {
        nobodyListens = true;
        peers.connect(peer.node());
        advance(20_000);
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < dialledAfterMillis.size(); i++) {
            pauses.add(dialledAfterMillis.get(i) - dialledAfterMillis.get(i - 1));
        }
        assertThat(pauses.subList(0, 8)).containsOnly(10L);
        assertThat(pauses.get(pauses.size() - 1)).isEqualTo(1_000L);
        assertThat(dialled).hasSizeBetween(40, 80);
        nobodyListens = false;
        advance(1_000);
        answerDial(dialled.size() - 1);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
    }

    @Test
    void aBrokenConnectionToALivingPeerIsMadeAnewWithoutEvents() {
        FakeWire first = connected();
        first.close();
        assertThat(dialled).hasSize(2);
        answerDial(1);
        advance(400);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        assertThat(host.gone).isEmpty();
    }

    @Test
    void aDeathIsProvenWhenTheLockIsFreeSomeTimeAfterTheConnectionEnded() {
        accepted().close();
        advance(70);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        host.dead.add(peer.node());
        advance(10);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Crashed.class);
        assertThat(host.gone).containsExactly(peer.node());
        assertThat(((PeerEvent.Crashed) events.get(1)).evidence()).contains("lock is free");
        advance(60_000);
        assertThat(events).hasSize(2);
    }

    @Test
    void anUnreachablePeerThatLivesIsStale() {
        connected().close();
        dialled.get(1).closed();
        advance(3_000);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Stale.class);
        answerDial(dialled.size() - 1);
        assertThat(kinds())
                .containsExactly(PeerEvent.Connected.class, PeerEvent.Stale.class, PeerEvent.Recovered.class);
    }

    @Test
    void goodbyeIsLeftAndTheIncarnationDoesNotComeBack() {
        FakeWire wire = connected();
        wire.receive(new Frame.Goodbye("done"), new Frame.Ready("late"));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Left.class);
        assertThat(((PeerEvent.Left) events.get(1)).reason()).isEqualTo("done");
        assertThat(wire.closed).isTrue();
        assertThat(host.gone).containsExactly(peer.node());
        host.dead.add(peer.node());
        advance(60_000);
        peers.connect(peer.node());
        assertThat(dialled).hasSize(1);
        FakeWire again = accepted();
        assertThat(again.sent).singleElement().isInstanceOfSatisfying(Frame.Refused.class, refused -> assertThat(
                        refused.code())
                .isEqualTo(Refusal.UNKNOWN));
        assertThat(events).hasSize(2);
    }

    @Test
    void aNodeThatDiesBeforeTheHandshakeIsForgottenWithoutEvents() {
        peers.connect(peer.node());
        dialled.get(0).closed();
        host.dead.add(peer.node());
        advance(1_000);
        assertThat(events).isEmpty();
        assertThat(host.gone).containsExactly(peer.node());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoConnectionsTheOneOfTheLowerNodeStaysAndEventsComeOnce(boolean mineStays) {
        peer = new PeerInfo(mineStays ? idAfterOurs(1) : idBeforeOurs(), "peer", 1, Instant.EPOCH);
        FakeWire mine = connected();
        FakeWire theirs = accepted();
        assertThat(mine.closed).isEqualTo(!mineStays);
        assertThat(theirs.closed).isEqualTo(mineStays);
        advance(1_000);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        assertThat(dialled).hasSize(1);
        (mineStays ? mine : theirs).receive(new Frame.Ready("a"));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Ready.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Refusal.class,
            names = {"VERSION", "UID", "UNKNOWN"})
    void whoRefusesForGoodIsNotAskedAgain(Refusal code) {
        peers.connect(peer.node());
        FakeWire wire = new FakeWire(dialled.get(0));
        wire.link.opened(wire);
        wire.receive(new Frame.Refused(code, "no"));
        advance(60_000);
        assertThat(wire.closed).isTrue();
        assertThat(dialled).hasSize(1);
        assertThat(events).isEmpty();
        host.dead.add(peer.node());
        advance(1_000);
        assertThat(host.gone).containsExactly(peer.node());
    }

    @Test
    void whoIsFullIsAskedAgainASecondLater() {
        peers.connect(peer.node());
        FakeWire wire = new FakeWire(dialled.get(0));
        wire.link.opened(wire);
        wire.receive(new Frame.Refused(Refusal.FULL, "full"));
        advance(999);
        assertThat(dialled).hasSize(1);
        advance(200);
        assertThat(dialled).hasSize(2);
    }

    @Test
    void whoIsClosingHasLeftIfItWasThereAtAll() {
        connected().close();
        FakeWire wire = new FakeWire(dialled.get(1));
        wire.link.opened(wire);
        wire.receive(new Frame.Refused(Refusal.CLOSING, "closing"));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Left.class);
    }

    @Test
    void theHandshakeHasATimeLimit() {
        FakeWire wire = new FakeWire(peers.accept());
        wire.link.opened(wire);
        advance(4_999);
        assertThat(wire.closed).isFalse();
        advance(1);
        assertThat(wire.closed).isTrue();
        assertThat(wire.sent(Frame.Failure.class)).singleElement().satisfies(failure -> assertThat(failure.code())
                .isEqualTo(FailureCode.TIMEOUT));
    }

    @Test
    void othersAreRefusedByVersionAndByNodeAndByUser() {
        FakeWire newer = new FakeWire(peers.accept());
        newer.link.opened(newer);
        newer.receive(new Frame.Hello(2, 0, host.node(), peer));
        FakeWire lost = new FakeWire(peers.accept());
        lost.link.opened(lost);
        lost.receive(new Frame.Hello(1, 0, UUID.randomUUID(), peer));
        FakeWire foreign = new FakeWire(peers.accept());
        foreign.foreignOwner = "it belongs to user 7";
        foreign.link.opened(foreign);
        assertThat(newer.sent(Frame.Refused.class).get(0).code()).isEqualTo(Refusal.VERSION);
        assertThat(newer.sent(Frame.Refused.class).get(0).text()).contains("2.0", "1.0");
        assertThat(lost.sent(Frame.Refused.class).get(0).code()).isEqualTo(Refusal.UNKNOWN);
        assertThat(foreign.sent(Frame.Refused.class).get(0).code()).isEqualTo(Refusal.UID);
        assertThat(List.of(newer.closed, lost.closed, foreign.closed)).containsOnly(true);
        assertThat(events).isEmpty();
    }

    @Test
    void tooManyConnectionsAreRefused() {
        peers = peers(new Limits(10_000, 1, 10, Duration.ofSeconds(5)));
        FakeWire idle = new FakeWire(peers.accept());
        idle.link.opened(idle);
        FakeWire second = accepted();
        assertThat(second.sent(Frame.Refused.class).get(0).code()).isEqualTo(Refusal.FULL);
        idle.close();
        assertThat(accepted().sent(Frame.Welcome.class)).hasSize(1);
    }

    @Test
    void anotherNodeOnThePeersSocketIsNotThePeer() {
        peers.connect(peer.node());
        FakeWire wire = new FakeWire(dialled.get(0));
        wire.link.opened(wire);
        wire.receive(new Frame.Welcome(1, 0, new PeerInfo(UUID.randomUUID(), "squatter", 2, Instant.EPOCH)));
        assertThat(wire.closed).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void aFloodEndsTheConnectionAndNothingElse() {
        FakeWire wire = connected();
        Frame[] flood = new Frame[10_001];
        Arrays.fill(flood, new Frame.Synced());
        wire.receive(flood);
        assertThat(wire.sent(Frame.Failure.class).get(0).code()).isEqualTo(FailureCode.FLOOD);
        assertThat(wire.closed).isTrue();
        advance(999);
        assertThat(dialled).hasSize(1);
        advance(200);
        answerDial(1);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
    }

    @Test
    void brokenBytesEndTheConnectionAndNothingElse() {
        FakeWire wire = accepted();
        wire.receive(Unpooled.buffer().writeIntLE(-1));
        assertThat(wire.sent(Frame.Failure.class).get(0).code()).isEqualTo(FailureCode.LENGTH);
        assertThat(wire.closed).isTrue();
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        accepted().receive(new Frame.Hello(1, 0, host.node(), peer));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
    }

    @Test
    void aSecondHandshakeOnAConnectionIsUnexpected() {
        FakeWire wire = accepted();
        wire.receive(new Frame.Hello(1, 0, host.node(), peer));
        assertThat(wire.sent(Frame.Failure.class).get(0).code()).isEqualTo(FailureCode.UNEXPECTED);
    }

    @Test
    void moreReadyStreamsThanAllowedEndTheConnection() {
        peers = peers(new Limits(10_000, 10, 2, Duration.ofSeconds(5)));
        FakeWire wire = accepted();
        wire.receive(new Frame.Ready("a"), new Frame.Ready("b"), new Frame.Ready("b"));
        assertThat(wire.closed).isFalse();
        wire.receive(new Frame.Ready("c"));
        assertThat(wire.sent(Frame.Failure.class).get(0).code()).isEqualTo(FailureCode.LIMIT);
    }

    @Test
    void whatAConnectionHasNoRoomForIsToldAsALevelLater() {
        FakeWire wire = connected();
        wire.sent.clear();
        wire.writable = false;
        for (int i = 0; i < 1_000; i++) {
            peers.readiness("a", true, "");
            peers.readiness("a", false, "paused " + i);
            peers.wake(peer.node());
        }
        peers.readiness("b", true, "");
        advance(5_000);
        assertThat(wire.sent).isEmpty();
        wire.writable = true;
        wire.link.writable();
        assertThat(wire.sent)
                .containsExactly(new Frame.NotReady("a", "paused 999"), new Frame.Ready("b"), new Frame.Wake());
    }

    @Test
    void changesAreToldNoFasterThanAPeerTakesThem() {
        FakeWire wire = connected();
        for (int i = 0; i < 20_000; i++) {
            peers.readiness("a", i % 2 == 0, "");
        }
        assertThat(wire.sent).hasSizeLessThan(5_000);
        peers.readiness("a", true, "");
        advance(1_000);
        Frame last = wire.sent.stream()
                .filter(frame -> frame instanceof Frame.Ready || frame instanceof Frame.NotReady)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last).isEqualTo(new Frame.Ready("a"));
    }

    @Test
    void leavingSaysGoodbyeToAllAndRefusesNewcomers() {
        FakeWire wire = connected();
        List<Boolean> completed = new ArrayList<>();
        peers.events().subscribe(event -> {}, error -> {}, () -> completed.add(true));
        peers.leave("closed");
        assertThat(wire.sent).endsWith(new Frame.Goodbye("closed"));
        assertThat(wire.closed).isFalse();
        wire.receive(new Frame.Goodbye("me too"));
        assertThat(wire.closed).isTrue();
        assertThat(accepted().sent(Frame.Refused.class).get(0).code()).isEqualTo(Refusal.CLOSING);
        peers.events().subscribe(event -> {}, error -> {}, () -> completed.add(true));
        assertThat(completed).hasSize(2);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        advance(60_000);
        assertThat(wire.sent(Frame.Heartbeat.class)).isEmpty();
    }

    @Test
    void aHostThatThrowsDoesNotStopTheRest() {
        TestHost throwing = new TestHost(Path.of("none"), "throwing") {
            @Override
            public void peerGone(UUID node) {
                throw new IllegalStateException("expected by the test");
            }
        };
        Peers others = new Peers(throwing, time, Runnable::run, (node, link) -> {}, Limits.DEFAULT);
        others.events().subscribe(events::add);
        FakeWire wire = new FakeWire(others.accept());
        wire.link.opened(wire);
        wire.receive(new Frame.Hello(1, 0, throwing.node(), peer), new Frame.Goodbye("done"));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Left.class);
    }
}
