package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.test.junit.IpcExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Health, meters and the end of an application that shares streams with another node. */
@Timeout(60)
@ExtendWith({OutputCaptureExtension.class, IpcExtension.class})
class TwoNodesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final StreamSpec<String> TICKS = StreamSpec.of("ticks", Codec.utf8());
    private static final StreamSpec<String> WORDS = StreamSpec.of("words", Codec.utf8());

    private Path directory;
    private ConfigurableApplicationContext application;
    private IpcNode other;

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        IpcAutoConfiguration.class,
        IpcHealthAutoConfiguration.class,
        IpcMetricsAutoConfiguration.class,
        MetricsAutoConfiguration.class,
        CompositeMeterRegistryAutoConfiguration.class
    })
    static class Application {
        @Bean
        SimpleMeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    /** Asks for nothing until told to. */
    private static final class Reader extends BaseSubscriber<String> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnError(Throwable closedWithTheNode) {}
    }

    /** In a directory of the test's own, where nothing must be left. */
    @BeforeEach
    void open(Path directory, IpcNode.Builder other) {
        this.directory = directory;
        application = start(
                "reactive-ipc.heartbeat=20ms",
                "reactive-ipc.drain-timeout=50ms",
                "reactive-ipc.publications.words.codec=utf8",
                "reactive-ipc.publications.words.capacity=64KB",
                "reactive-ipc.subscriptions.clock.codec=utf8",
                "reactive-ipc.subscriptions.clock.stream=ticks");
        this.other = other.name("other").heartbeat(Duration.ofMillis(20)).build();
    }

    private ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("reactive-ipc.directory=" + directory)
                .properties(properties)
                .run();
    }

    @AfterEach
    void close() {
        other.close();
        application.close();
    }

    @SuppressWarnings("unchecked")
    private IpcPublication<String> words() {
        return application.getBean("words", IpcPublication.class);
    }

    private Flux<String> wordsOfOther() {
        return other.subscribe(WORDS).flatMapMany(IpcSubscription::receive);
    }

    private Health health() {
        return application.getBean(HealthIndicator.class).health();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detail(Health health, String group, String id) {
        return ((Map<String, Map<String, Object>>) health.getDetails().get(group)).get(id);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> peers(Health health) {
        return (List<Map<String, Object>>) health.getDetails().get("peers");
    }

    // ---- health -----------------------------------------------------------------------------------------------------

    @Test
    void itIsUpWithoutPublishersAndTellsWhichAreMissing() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails().get("missing"))
                .asString()
                .contains("ticks")
                .contains("clock");

        other.publish(TICKS).block(SOON);
        Health whole =
                Eventually.see(this::health, health -> !health.getDetails().containsKey("missing"));
        assertThat(detail(whole, "subscriptions", "clock")).containsEntry("publications", 1);

        other.close();
        Health again =
                Eventually.see(this::health, health -> health.getDetails().containsKey("missing"));
        assertThat(again.getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void whereItsPeersAreRequiredItIsNotReadyUntilSomebodyPublishesAndAgainWhenTheyHaveGone() {
        application.close();
        application = start(
                "reactive-ipc.peers-required=true",
                "reactive-ipc.subscriptions.clock.codec=utf8",
                "reactive-ipc.subscriptions.clock.stream=ticks");
        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health().getDetails().get("missing")).asString().contains("ticks");

        other.publish(TICKS).block(SOON);
        Eventually.see(this::health, health -> health.getStatus().equals(Status.UP));

        other.close();
        Eventually.see(this::health, health -> health.getStatus().equals(Status.OUT_OF_SERVICE));
    }

    @Test
    void aStalePeerIsMissingAndAFaultOnlyWherePeersAreRequired() {
        PeerInfo quiet = new PeerInfo(UUID.randomUUID(), "quiet", 4711, Instant.EPOCH);
        PeerBook peers = new PeerBook(
                Flux.just(
                        new PeerEvent.Connected(quiet, Instant.EPOCH),
                        new PeerEvent.Stale(quiet, Instant.EPOCH, Duration.ofSeconds(2))),
                Clock.systemUTC());

        Health tolerant = healthWith(peers, false);
        assertThat(tolerant.getStatus()).isEqualTo(Status.UP);
        assertThat(tolerant.getDetails().get("missing")).asString().contains("quiet");
        assertThat(healthWith(peers, true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    private Health healthWith(PeerBook peers, boolean peersRequired) {
        IpcNode node = application.getBean(IpcNode.class);
        StreamBeans none = new StreamBeans(new StaticListableBeanFactory());
        return new IpcHealthIndicator(node, null, none, peers, peersRequired).health();
    }

    @Test
    void itTellsOfPeersWithTheirStatesAndLastHeartbeats() {
        Reader reader = new Reader();
        wordsOfOther().subscribe(reader);
        reader.request(Long.MAX_VALUE);

        Health ready = Eventually.see(this::health, health -> peers(health).stream()
                .anyMatch(peer -> "ready".equals(peer.get("state")) && peer.containsKey("lastHeartbeat")));
        assertThat(peers(ready)).singleElement().satisfies(peer -> assertThat(peer)
                .containsEntry("name", "other")
                .containsEntry("pid", ProcessHandle.current().pid())
                .containsEntry("wants", List.of("words"))
                .containsKeys("heartbeatAgeMillis", "lag", "fill"));

        other.close();
        Health left = Eventually.see(
                this::health, health -> peers(health).stream().anyMatch(peer -> "left".equals(peer.get("state"))));
        assertThat(peers(left)).singleElement().satisfies(peer -> assertThat(peer)
                .containsKeys("remark", "since"));
    }

    @Test
    void itTellsHowFullARingIs() {
        wordsOfOther().subscribe(new Reader());
        words().awaitSubscribers(1)
                .then(words().emit("x".repeat(8 * 1024)))
                .then(words().emit("x".repeat(8 * 1024)))
                .block(SOON);

        assertThat(detail(health(), "publications", "words"))
                .containsEntry("stream", "words")
                .containsEntry("subscribers", 1)
                .containsEntry("capacity", 64L * 1024)
                .hasEntrySatisfying("fill", fill -> assertThat((double) fill).isBetween(0.25, 0.5));
    }

    @Test
    void itIsDownWhenTheNodeIsClosed() {
        application.getBean(IpcNode.class).close();
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
    }

    // ---- meters -----------------------------------------------------------------------------------------------------

    private MeterRegistry registry() {
        return application.getBean(MeterRegistry.class);
    }

    private double gauge(String name, String... tags) {
        return registry().get(name).tags(tags).gauge().value();
    }

    private double count(String name, String... tags) {
        return registry().get(name).tags(tags).functionCounter().count();
    }

    private double published() {
        return count("reactive.ipc.published", "publication", "words", "stream", "words");
    }

    @Test
    void theMetersOfAPublicationAreWhatItsRingSays() {
        assertThat(gauge("reactive.ipc.ring.capacity", "publication", "words")).isEqualTo(64 * 1024);
        assertThat(gauge("reactive.ipc.subscribers", "publication", "words")).isZero();
        double before = published();
        double messagesBefore = count("reactive.ipc.published.messages", "publication", "words");

        Reader reader = new Reader();
        wordsOfOther().subscribe(reader);
        words().awaitSubscribers(1).then(words().emit("x".repeat(1_000))).block(SOON);

        assertThat(gauge("reactive.ipc.subscribers", "publication", "words")).isEqualTo(1);
        assertThat(published() - before).isBetween(1_000.0, 1_100.0);
        assertThat(count("reactive.ipc.published.messages", "publication", "words"))
                .isEqualTo(1 + messagesBefore);
        double used = gauge("reactive.ipc.ring.used", "publication", "words");

        reader.request(1);
        words().drained().block(SOON);
        assertThat(used - gauge("reactive.ipc.ring.used", "publication", "words"))
                .isBetween(1_000.0, 1_100.0);
    }

    @Test
    void theMetersOfASubscriptionAreWhatItsRingsSay() {
        IpcPublication<String> ticks = other.publish(TICKS).block(SOON);
        @SuppressWarnings("unchecked")
        IpcSubscription<String> clock = application.getBean("clock", IpcSubscription.class);
        clock.awaitReady().block(SOON);
        Reader reader = new Reader();
        clock.receive().subscribe(reader);
        ticks.awaitSubscribers(1).then(ticks.emit("x".repeat(1_000))).block(SOON);

        assertThat(gauge("reactive.ipc.publications", "subscription", "clock")).isEqualTo(1);
        Eventually.see(
                () -> gauge("reactive.ipc.lag", "subscription", "clock", "stream", "ticks"),
                lag -> lag >= 1_000 && lag <= 1_100);

        assertThat(count("reactive.ipc.lost", "subscription", "clock")).isZero();
        double messages = count("reactive.ipc.received.messages", "subscription", "clock");
        double bytes = count("reactive.ipc.received", "subscription", "clock");
        assertThat(gauge("reactive.ipc.leases", "subscription", "clock")).isZero();

        reader.request(1);
        ticks.drained().block(SOON);
        assertThat(gauge("reactive.ipc.lag", "subscription", "clock", "stream", "ticks"))
                .isZero();
        assertThat(count("reactive.ipc.received.messages", "subscription", "clock") - messages)
                .isEqualTo(1);
        assertThat(count("reactive.ipc.received", "subscription", "clock") - bytes)
                .isEqualTo(1_000);
    }

    @Test
    void theMetersCountPeersByState() {
        assertThat(registry()
                        .get("reactive.ipc.peers.heartbeat.age")
                        .timeGauge()
                        .value(TimeUnit.MILLISECONDS))
                .isNaN();
        Reader reader = new Reader();
        wordsOfOther().subscribe(reader);
        reader.request(Long.MAX_VALUE);

        Eventually.see(() -> gauge("reactive.ipc.peers", "state", "ready"), count -> count == 1);
        assertThat(gauge("reactive.ipc.peers", "state", "stale")).isZero();
        Eventually.see(
                () -> registry()
                        .get("reactive.ipc.peers.heartbeat.age")
                        .timeGauge()
                        .value(TimeUnit.MILLISECONDS),
                age -> age >= 0);

        other.close();
        Eventually.see(
                () -> registry()
                        .get("reactive.ipc.peers.gone")
                        .tags("state", "left")
                        .functionCounter()
                        .count(),
                count -> count == 1);
        assertThat(gauge("reactive.ipc.peers", "state", "ready")).isZero();
    }

    @Test
    void aPublicationThatHasEndedKeepsItsCountAndHasNoFillAnyMore() {
        words().emit("last").then(words().complete()).block(SOON);
        assertThat(published()).isPositive();
        assertThat(gauge("reactive.ipc.ring.used", "publication", "words")).isNaN();
        assertThat(detail(health(), "publications", "words")).containsEntry("ended", true);
    }

    @Test
    void neitherHealthNorMetersBlockAThreadThatMustNotWait() {
        other.publish(TICKS).block(SOON);
        wordsOfOther().subscribe(new Reader());
        words().awaitSubscribers(1).block(SOON);

        Health health = Mono.fromCallable(() -> {
                    registry().getMeters().forEach(meter -> meter.measure().forEach(measured -> measured.getValue()));
                    return health();
                })
                .subscribeOn(Schedulers.parallel())
                .block(SOON);
        assertThat(health.getDetails()).containsKey("peers");
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void theApplicationDoesNotWaitForEverForASubscriberThatDoesNotRead(CapturedOutput output) {
        wordsOfOther().subscribe(new Reader());
        words().awaitSubscribers(1).then(words().emit("unread")).block(SOON);
        application.close();
        assertThat(output.getOut()).contains("publication of stream words: not all subscribers have taken");
    }

    @Test
    void theApplicationStopsWhenSubscribersHaveReadWhatWasPublished() {
        IpcLifecycle lifecycle = new IpcLifecycle(application.getBean(StreamBeans.class), SOON);
        lifecycle.start();
        Reader reader = new Reader();
        wordsOfOther().subscribe(reader);
        words().awaitSubscribers(1).then(words().emit("read late")).block(SOON);

        CompletableFuture<Void> stopped = new CompletableFuture<>();
        lifecycle.stop(() -> stopped.complete(null));
        assertThat(stopped).isNotDone();

        reader.request(1);
        stopped.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
