package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

/** What clients of the application get, with a feed in a second JVM. */
@Timeout(120)
class EndpointsIT {
    private static final int BROWSERS = 200;
    private static final int FRAMES = 3;

    /** Frames that a connection may miss without being slow, at the shortest interval: as many as a pause of the machine takes. */
    private static final int MISSED = 2;

    private static final String AT_LEISURE = "{\"intervalMillis\": 500}";
    private static final String AT_FULL_SPEED = "{\"intervalMillis\": 50}";

    @RegisterExtension
    static final Place PLACE = Place.shared();

    private static Bridge bridge;

    @BeforeAll
    static void start() throws Exception {
        PLACE.feed();
        bridge = PLACE.application();
        bridge.awaitFeed("LIVE");
    }

    @Test
    void serverSentEventsCarryEachSnapshotInOrder() {
        carriedOut(AT_LEISURE);
        List<Snapshot> first = new ArrayList<>();
        StepVerifier.create(bridge.feed().doOnNext(first::add))
                .expectNextCount(3)
                .thenCancel()
                .verify(Bridge.PATIENCE);

        assertThat(first.get(1).sequence()).isEqualTo(first.get(0).sequence() + 1);
        assertThat(first.get(2).sequence()).isEqualTo(first.get(0).sequence() + 2);
        assertThat(first.get(2).takenAt()).isGreaterThan(first.get(1).takenAt());
        assertThat(first.get(2).processes()).isNotEmpty();
    }

    @Test
    void theWebSocketCarriesTheSame() {
        carriedOut(AT_LEISURE);
        Flux<Snapshot> messages = Flux.create(sink -> sink.onDispose(new ReactorNettyWebSocketClient()
                .execute(socketAddress(), session -> session.receive()
                        .map(WebSocketMessage::getPayloadAsText)
                        .map(text -> JsonMapper.shared().readValue(text, Snapshot.class))
                        .doOnNext(sink::next)
                        .then())
                .subscribe(null, sink::error, sink::complete)));

        StepVerifier.create(messages.map(Snapshot::sequence).buffer(2, 1).take(3))
                .assertNext(EndpointsIT::assertFollows)
                .assertNext(EndpointsIT::assertFollows)
                .assertNext(EndpointsIT::assertFollows)
                .expectComplete()
                .verify(Bridge.PATIENCE);
    }

    private static void assertFollows(List<Long> sequences) {
        assertThat(sequences.get(1)).isEqualTo(sequences.get(0) + 1);
    }

    @Test
    void aPageOfAnotherOriginMayNotOpenTheWebSocket() {
        HttpHeaders headers = new HttpHeaders();
        headers.setOrigin("http://example.org");

        StepVerifier.create(
                        new ReactorNettyWebSocketClient().execute(socketAddress(), headers, session -> Mono.never()))
                .expectErrorMatches(error -> error.getMessage().contains("403"))
                .verify(Bridge.PATIENCE);
    }

    private URI socketAddress() {
        return URI.create("ws://127.0.0.1:" + bridge.port() + "/ws/feed");
    }

    @Test
    void anAcceptedCommandIsCarriedOutByTheProcess() {
        Settings settings = carriedOut("{\"intervalMillis\": 75, \"sort\": \"memory\"}");

        assertThat(settings.intervalMillis()).isEqualTo(75);
        assertThat(settings.sort()).isEqualTo(Settings.Sort.MEMORY);
    }

    /** The settings of the first snapshot that heeds the command. */
    private Settings carriedOut(String command) {
        String accepted = post(command, HttpStatus.ACCEPTED);
        Settings settings = bridge.feed()
                .map(Snapshot::settings)
                .filter(now -> accepted.contains("\"" + now.lastCommand() + "\""))
                .blockFirst(Bridge.PATIENCE);
        assertThat(settings).isNotNull();
        return settings;
    }

    @Test
    void aPausedProcessSaysSoAndGoesOnWhenTold() {
        post("{\"paused\": true}", HttpStatus.ACCEPTED);
        bridge.awaitFeed("PAUSED");
        long paused = bridge.bean(SharedFeed.class).last().sequence();

        post("{\"paused\": false}", HttpStatus.ACCEPTED);
        bridge.awaitFeed("LIVE");

        assertThat(bridge.feed().filter(s -> s.sequence() > paused).blockFirst(Bridge.PATIENCE))
                .isNotNull();
    }

    @Test
    void whatIsNoCommandIsRefusedWithWhatIsWrong() {
        assertThat(post("{\"intervalMillis\": 7}", HttpStatus.BAD_REQUEST)).contains("from 50 to 10000: 7");
        assertThat(post("{\"speed\": 7}", HttpStatus.BAD_REQUEST)).contains("unknown field speed");
        assertThat(post("{}", HttpStatus.BAD_REQUEST)).contains("nothing to change");
        assertThat(post("[1]", HttpStatus.BAD_REQUEST)).contains("must be a JSON object");
        assertThat(post("{\"paused\"", HttpStatus.BAD_REQUEST)).contains("must be a JSON object");
    }

    private String post(String body, HttpStatus expected) {
        return new String(
                bridge.requests()
                        .post()
                        .uri("/api/commands")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body)
                        .exchange()
                        .expectStatus()
                        .isEqualTo(expected)
                        .expectBody()
                        .returnResult()
                        .getResponseBody(),
                StandardCharsets.UTF_8);
    }

    @Test
    void aFeedThatWasNotLaunchedHereIsNotKilled() {
        bridge.requests().delete().uri("/api/feed").exchange().expectStatus().isEqualTo(HttpStatus.CONFLICT);
    }

    @Test
    void healthTellsOfTheStreams() {
        String health = bridge.requests()
                .get()
                .uri("/actuator/health")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(health).contains("machine-commands", "machine-feed");
    }

    @Test
    void eventsTellHowItIsAndWhatHappenedBefore() {
        assertThat(bridge.await("peer", event -> true).get("what").asString()).isEqualTo("connected");
        assertThat(bridge.await("peer", event -> event.get("what").asString().equals("ready"))
                        .get("detail")
                        .asString())
                .isEqualTo("reads machine-commands");
        assertThat(bridge.await("streams", view -> view.get("peers").size() == 1)
                        .get("toBrowsers")
                        .get("publications")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void twoHundredBrowsersAllGetFramesOfOneSubscription() {
        StepVerifier.create(Flux.range(0, BROWSERS)
                        .flatMap(
                                i -> bridge.feed()
                                        .map(Snapshot::sequence)
                                        .distinct()
                                        .take(FRAMES)
                                        .collectList(),
                                BROWSERS)
                        .filter(sequences -> sequences.size() == FRAMES)
                        .count())
                .expectNext((long) BROWSERS)
                .expectComplete()
                .verify(Bridge.PATIENCE);

        assertThat(bridge.bean(SharedFeed.class).last().ring().subscribers()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/feed HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /ws/feed HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cmVhY3RpdmUtaXBjLXRlc3Q=\r\n\r\n"
            })
    void aBrowserThatReadsAgainGetsTheNewestFrameBehindWhatWasOnItsWay(String request) throws Exception {
        carriedOut(AT_FULL_SPEED);
        SharedFeed feed = withoutBrowsers();
        long before = feed.conflated();
        try (SocketChannel slow = notReading(request)) {
            Snapshot now = bridge.feed()
                    .filter(snapshot -> feed.conflated() >= before + 100)
                    .blockFirst(Bridge.PATIENCE);
            assertThat(now).isNotNull();

            List<Long> old = new ArrayList<>();
            Scanner frames = new Scanner(slow, StandardCharsets.ISO_8859_1);
            long next = sequence(frames);
            while (old.isEmpty() || next <= old.get(old.size() - 1) + 1 + MISSED) {
                old.add(next);
                next = sequence(frames);
            }

            assertThat(next).isGreaterThanOrEqualTo(now.sequence());
            assertThat(old)
                    .hasSizeLessThan(50); // as many as the operating system had; a web server keeps twice as many more
            assertThat(sequence(frames)).isBetween(next + 1, next + 1 + MISSED);
        }
    }

    /** The feed, when those that listened before have gone and miss nothing any more. */
    private static SharedFeed withoutBrowsers() {
        SharedFeed feed = bridge.bean(SharedFeed.class);
        while (feed.browsers() > 0) {
            if (Thread.interrupted()) {
                throw new AssertionError(feed.browsers() + " browsers do not go");
            }
            Thread.yield();
        }
        return feed;
    }

    private static long sequence(Scanner frames) {
        assertThat(frames.findWithinHorizon("\"sequence\":(\\d+),", 0)).isNotNull();
        return Long.parseLong(frames.match().group(1));
    }

    /** A connection that takes as little as possible until it is read. */
    private static SocketChannel notReading(String request) throws IOException {
        SocketChannel connection = SocketChannel.open();
        connection.setOption(StandardSocketOptions.SO_RCVBUF, 4 * 1024);
        connection.connect(new InetSocketAddress("127.0.0.1", bridge.port()));
        connection.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        return connection;
    }

    @Test
    void aBrowserThatNeverReadsMissesFramesAndHoldsNobodyUp() throws Exception {
        carriedOut(AT_FULL_SPEED);
        SharedFeed feed = withoutBrowsers();
        long before = feed.conflated();
        try (SocketChannel stuck = notReading("GET /api/feed HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(stuck.isConnected()).isTrue();
            List<Snapshot> others = bridge.feed()
                    .skipUntil(s -> feed.conflated() > before) // from here on the other one is full
                    .take(40)
                    .collectList()
                    .block(Bridge.PATIENCE);

            assertThat(others).hasSize(40);
            assertThat(others.get(39).sequence() - others.get(0).sequence())
                    .isBetween(39L, 49L); // all, but for pauses of the machine
            assertThat(others).allSatisfy(s -> assertThat(s.ring().freeBytes())
                    .isGreaterThan(s.ring().capacityBytes() / 2));
            assertThat(feed.conflated() - before).isGreaterThanOrEqualTo(30);
        }
    }
}
