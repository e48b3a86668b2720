package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
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

    @RegisterExtension
    static final Place PLACE = Place.shared();

    private static Bridge bridge;

    /** Small buffers, so that a client that does not read is felt soon. */
    static class SmallBuffers {
        @Bean
        NettyServerCustomizer smallBuffers() {
            return server -> server.childOption(ChannelOption.SO_SNDBUF, 8 * 1024);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        PLACE.feed();
        bridge = PLACE.application(List.of(BridgeApplication.class, SmallBuffers.class));
        bridge.awaitFeed("LIVE");
    }

    @Test
    void serverSentEventsCarryEachSnapshotInOrder() {
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
        String accepted = post("{\"intervalMillis\": 75, \"sort\": \"memory\"}", HttpStatus.ACCEPTED);

        Settings settings = bridge.feed()
                .map(Snapshot::settings)
                .filter(now -> accepted.contains("\"" + now.lastCommand() + "\""))
                .blockFirst(Bridge.PATIENCE);

        assertThat(settings).isNotNull();
        assertThat(settings.intervalMillis()).isEqualTo(75);
        assertThat(settings.sort()).isEqualTo(Settings.Sort.MEMORY);
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

    @Test
    void aBrowserThatNeverReadsMissesFramesAndHoldsNobodyUp() throws Exception {
        post("{\"intervalMillis\": 50}", HttpStatus.ACCEPTED);
        SharedFeed feed = bridge.bean(SharedFeed.class);
        try (SocketChannel stuck = SocketChannel.open()) {
            stuck.setOption(StandardSocketOptions.SO_RCVBUF, 4 * 1024);
            stuck.connect(new InetSocketAddress("127.0.0.1", bridge.port()));
            stuck.write(ByteBuffer.wrap(
                    "GET /api/feed HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

            List<Snapshot> others = bridge.feed()
                    .skipUntil(s -> feed.conflated() > 0) // from here on the other one is full
                    .take(40)
                    .collectList()
                    .block(Bridge.PATIENCE);

            assertThat(others).hasSize(40);
            assertThat(others.get(39).sequence() - others.get(0).sequence()).isEqualTo(39);
            assertThat(others).allSatisfy(s -> assertThat(s.ring().freeBytes())
                    .isGreaterThan(s.ring().capacityBytes() / 2));
            assertThat(feed.conflated()).isGreaterThanOrEqualTo(30);
        }
    }
}
