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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The table of {@link PeerSession}, in virtual time and without sockets. */
@Timeout(30)
class PeersTest {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestHost host = new TestHost(Path.of("none"), "self");
    private final PeerInfo peer = new PeerInfo(idAfterOurs(1), "peer", 1, Instant.EPOCH);
    private final List<PeerEvent> events = new ArrayList<>();
    private final List<Link> dialled = new ArrayList<>();
    private final List<Long> dialledAfterMillis = new ArrayList<>();
    private Scheduler clock = time;
    private boolean nobodyListens;
    private long started;
    private Peers peers;

    @BeforeEach
    void start() {
        host.heartbeatInterval = INTERVAL;
        host.staleAfter = Duration.ofSeconds(2);
        peers = peers(Limits.DEFAULT);
    }

    private Peers peers(Limits limits) {
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

    private void advance(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    private FakeWire answerDial(int index) {
        FakeWire wire = new FakeWire(dialled.get(index));
        dialled.get(index).opened(wire);
        wire.receive(new Frame.Welcome(1, 0, peer));
        return wire;
    }

    private UUID idAfterOurs(int number) {
        return new UUID(host.node().getMostSignificantBits() / 2 + (1L << 62), number);
    }

    private FakeWire connected() {
        peers.connect(peer.node());
        return answerDial(dialled.size() - 1);
    }

    private FakeWire accepted() {
        FakeWire wire = new FakeWire(peers.accept());
        wire.link.opened(wire);
        wire.receive(new Frame.Hello(1, 0, host.node(), peer));
        return wire;
    }

    private void acknowledge(FakeWire wire) {
        List<Frame.Heartbeat> asked = wire.sent(Frame.Heartbeat.class);
        wire.receive(new Frame.HeartbeatAck(asked.get(asked.size() - 1).sequence(), 17, 0.5));
    }

    private List<Class<?>> kinds() {
        return events.stream().<Class<?>>map(Object::getClass).toList();
    }

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
    void heartbeatsAskAndTellWhatTheAnswerSays() {
        host.lagBytes = 99;
        host.ringFill = 0.75;
        FakeWire wire = connected();
        advance(500);
        assertThat(wire.sent(Frame.Heartbeat.class)).containsExactly(new Frame.Heartbeat(1, 99, 0.75));
        advance(3);
        acknowledge(wire);
        PeerEvent.Heartbeat heartbeat = (PeerEvent.Heartbeat) events.get(1);
        assertThat(heartbeat.sequence()).isEqualTo(1);
        assertThat(heartbeat.roundTrip()).isEqualTo(Duration.ofMillis(3));
        assertThat(heartbeat.lagBytes()).isEqualTo(17);
        assertThat(heartbeat.ringFill()).isEqualTo(0.5);
        wire.receive(new Frame.Heartbeat(40, 0, 0));
        assertThat(wire.sent(Frame.HeartbeatAck.class)).containsExactly(new Frame.HeartbeatAck(40, 99, 0.75));
    }

    @Test
    void anAnswerToAQuestionThatWasNotAskedIsNoHeartbeat() {
        FakeWire wire = connected();
        wire.receive(new Frame.HeartbeatAck(1, 0, 0), new Frame.HeartbeatAck(Long.MAX_VALUE, 0, 0));
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
    }

    @Test
    void silenceAfterAQuestionIsStaleOnceAndAnyWordRecovers() {
        FakeWire wire = connected();
        advance(500);
        acknowledge(wire);
        advance(500 + 1_999);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Heartbeat.class);
        advance(1);
        assertThat(events.get(2)).isInstanceOfSatisfying(PeerEvent.Stale.class, stale -> assertThat(stale.silence())
                .isEqualTo(Duration.ofMillis(2_500)));
        advance(10_000);
        assertThat(events).hasSize(3);
        wire.receive(new Frame.Wake());
        assertThat(events.get(3))
                .isInstanceOfSatisfying(PeerEvent.Recovered.class, recovered -> assertThat(recovered.silence())
                        .isEqualTo(Duration.ofMillis(12_500)));
        assertThat(host.wakeUps).hasValue(1);
        advance(5_000);
        assertThat(events.get(4)).isInstanceOf(PeerEvent.Stale.class);
        assertThat(events).hasSize(5);
    }

    @Test
    void stepsOfTheWallClockAreNobodysSilenceAndShowInTheTimesOfEventsOnly() {
        SteppedClock stepped = new SteppedClock(time);
        clock = stepped;
        peers = peers(Limits.DEFAULT);
        FakeWire wire = connected();
        for (int hours : new int[] {1, -1, -2, 0}) {
            stepped.step = Duration.ofHours(hours);
            advance(500);
            acknowledge(wire);
            PeerEvent.Heartbeat heartbeat = (PeerEvent.Heartbeat) events.get(events.size() - 1);
            assertThat(heartbeat.roundTrip()).isZero();
            assertThat(heartbeat.time())
                    .isEqualTo(Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS))
                            .plus(stepped.step));
        }
        assertThat(kinds()).doesNotContain(PeerEvent.Stale.class, PeerEvent.Crashed.class);

        stepped.step = Duration.ofHours(-1);
        advance(2_500);
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(PeerEvent.Stale.class, stale -> assertThat(stale.silence())
                        .isEqualTo(Duration.ofMillis(2_500)));
    }

    @Test
    void silenceIsJudgedAtItsTimeAndNotAtTheNextQuestion() {
        host.staleAfter = Duration.ofMillis(300);
        connected();
        advance(500 + 299);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class);
        advance(1);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Stale.class);
    }

    @Test
    void aStalePeerThatTurnsOutToBeDeadHasCrashed() {
        connected();
        advance(3_000);
        host.dead.add(peer.node());
        advance(500);
        assertThat(kinds()).containsExactly(PeerEvent.Connected.class, PeerEvent.Stale.class, PeerEvent.Crashed.class);
    }

    @Test
    void aHandleStopsItsHeartbeatsAtOnceAndTheShortestIntervalCounts() {
        FakeWire wire = connected();
        Disposable handle = peers.startHeartbeat(Duration.ofMillis(100));
        advance(1_000);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(10);
        handle.dispose();
        handle.dispose();
        advance(499);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(10);
        advance(1);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(11);
    }

    @Test
    void withoutAnIntervalThereAreNoHeartbeatsButAnswersToThose() {
        host.heartbeatInterval = Duration.ZERO;
        peers = peers(Limits.DEFAULT);
        events.clear();
        FakeWire wire = connected();
        advance(60_000);
        assertThat(wire.sent(Frame.Heartbeat.class)).isEmpty();
        wire.receive(new Frame.Heartbeat(1, 0, 0));
        assertThat(wire.sent(Frame.HeartbeatAck.class)).hasSize(1);
        assertThat(kinds()).doesNotContain(PeerEvent.Stale.class);
    }

    @Test
    void whoIsAskedAsksBackWithTheAnswerAndLeavesItToThePeerToAskFirst() {
        host.lagBytes = 99;
        FakeWire wire = connected();
        advance(300);
        for (int round = 1; round <= 10; round++) {
            wire.sent.clear();
            int sendings = wire.sendings;
            wire.receive(new Frame.Heartbeat(round, 0, 0));
            assertThat(wire.sent)
                    .containsExactly(new Frame.HeartbeatAck(round, 99, 0), new Frame.Heartbeat(round, 99, 0));
            assertThat(wire.sendings).isEqualTo(sendings + 1);
            acknowledge(wire);
            // A little late each time, as timers are.
            advance(501);
        }
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(1);
        assertThat(kinds().subList(1, events.size()))
                .containsOnly(PeerEvent.Heartbeat.class)
                .hasSize(10);

        // The peer falls silent after its last question and our own.
        advance(500 / 8);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(2);
        advance(1_999);
        assertThat(kinds()).doesNotContain(PeerEvent.Stale.class);
        advance(1);
        assertThat(events.get(events.size() - 1)).isInstanceOf(PeerEvent.Stale.class);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(2 + 4);
    }

    @Test
    void aQuestionSoonAfterOursIsAnsweredAndNoMore() {
        FakeWire wire = connected();
        advance(500 + 249);
        wire.sent.clear();
        wire.receive(new Frame.Heartbeat(1, 0, 0));
        assertThat(wire.sent).containsExactly(new Frame.HeartbeatAck(1, 0, 0));
        advance(251);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(1);
    }

    @Test
    void whoHasTheHigherIdLetsThePeerAskFirst() {
        UUID lower = new UUID(host.node().getMostSignificantBits() / 2 - (1L << 62), 1);
        FakeWire wire = new FakeWire(peers.accept());
        wire.link.opened(wire);
        wire.receive(new Frame.Hello(1, 0, host.node(), new PeerInfo(lower, "lower", 2, Instant.EPOCH)));
        advance(562);
        assertThat(wire.sent(Frame.Heartbeat.class)).isEmpty();
        advance(1);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(1);

        wire.receive(new Frame.Heartbeat(1, 0, 0)); // both have asked at the same time
        assertThat(wire.sent).endsWith(new Frame.HeartbeatAck(1, 0, 0));
        advance(561);
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(1);
        wire.receive(new Frame.Heartbeat(2, 0, 0));
        assertThat(wire.sent(Frame.Heartbeat.class)).hasSize(2);
        assertThat(wire.sent).endsWith(new Frame.HeartbeatAck(2, 0, 0), new Frame.Heartbeat(2, 0, 0));
    }

    @Test
    void peersThatAreToBeAskedAtAboutTheSameTimeAreAskedAtOnce() {
        FakeWire first = connected();
        advance(125);
        FakeWire second = new FakeWire(peers.accept());
        second.link.opened(second);
        second.receive(new Frame.Hello(1, 0, host.node(), new PeerInfo(idAfterOurs(2), "other", 2, Instant.EPOCH)));
        advance(375);
        assertThat(first.sent(Frame.Heartbeat.class)).hasSize(1);
        assertThat(second.sent(Frame.Heartbeat.class)).hasSize(1);
        advance(499);
        assertThat(second.sent(Frame.Heartbeat.class)).hasSize(1);
        advance(1);
        assertThat(first.sent(Frame.Heartbeat.class)).hasSize(2);
        assertThat(second.sent(Frame.Heartbeat.class)).hasSize(2);
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

    @Test
    void ofTwoConnectionsTheOneOfTheLowerNodeStaysAndEventsComeOnce() {
        FakeWire mine = connected();
        FakeWire theirs = accepted();
        boolean mineStays = host.node().compareTo(peer.node()) < 0;
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
