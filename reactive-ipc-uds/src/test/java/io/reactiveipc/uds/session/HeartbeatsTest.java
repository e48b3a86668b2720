package io.reactiveipc.uds.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.TestHost;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Questions, answers and silence between nodes. */
@Timeout(30)
class HeartbeatsTest extends PeersInVirtualTime {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private void acknowledge(FakeWire wire) {
        List<Frame.Heartbeat> asked = wire.sent(Frame.Heartbeat.class);
        wire.receive(new Frame.HeartbeatAck(asked.get(asked.size() - 1).sequence(), 17, 0.5));
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

    /** A question, the answer with a question back, and an answer: with the asker's timer each is woken twice. */
    @Test
    void ofTwoNodesThatAskEachOtherOneLeads() {
        TestHost otherHost = new TestHost(Path.of("none"), "other");
        otherHost.heartbeatInterval = INTERVAL;
        Peers other = new Peers(otherHost, time, Runnable::run, (node, link) -> {}, Limits.DEFAULT);
        List<PeerEvent> seenByOther = new ArrayList<>();
        other.events().subscribe(seenByOther::add);
        peers.connect(otherHost.node());
        SlowWire near = new SlowWire(dialled.get(0), time);
        SlowWire far = new SlowWire(other.accept(), time);
        near.end = far;
        far.end = near;
        far.link.opened(far);
        near.link.opened(near);
        advance(250);
        int before = near.sendings + far.sendings;
        advance(10_000);
        assertThat(near.sendings + far.sendings - before).isEqualTo(3 * 20);
        assertThat(events.stream().filter(PeerEvent.Heartbeat.class::isInstance))
                .hasSize(20);
        assertThat(seenByOther.stream().filter(PeerEvent.Heartbeat.class::isInstance))
                .hasSize(20);
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
        peer = new PeerInfo(idBeforeOurs(), "lower", 2, Instant.EPOCH);
        FakeWire wire = accepted();
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

    /** What is sent on it arrives at its other end a millisecond later. */
    private static final class SlowWire implements Wire {
        private final Link link;
        private final Scheduler time;
        private @Nullable SlowWire end;
        private int sendings;

        SlowWire(Link link, Scheduler time) {
            this.link = link;
            this.time = time;
        }

        @Override
        public void send(Frame... frames) {
            ByteBuf bytes = Unpooled.buffer();
            for (Frame frame : frames) {
                FrameEncoder.write(frame, bytes);
            }
            sendings++;
            Link to = Objects.requireNonNull(end).link;
            time.schedule(() -> to.received(bytes), 1, TimeUnit.MILLISECONDS);
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public boolean flushed() {
            return true;
        }

        @Override
        public @Nullable String foreignOwner() {
            return null;
        }

        @Override
        public void close() {
            link.closed();
        }
    }
}
