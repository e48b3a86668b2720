package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An application with a web server whose requests use streams. */
@Timeout(90)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "reactive-ipc.publications.words.codec=utf8",
            "reactive-ipc.subscriptions.clock.codec=utf8",
            "reactive-ipc.subscriptions.clock.stream=ticks",
            "management.endpoints.web.exposure.include=health,metrics",
            "management.endpoint.health.show-details=always"
        })
@AutoConfigureWebTestClient(timeout = "20s")
@DirtiesContext // it is gone before its directory is
class WebServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    @DynamicPropertySource
    static void inADirectoryOfItsOwn(DynamicPropertyRegistry properties) {
        properties.add("reactive-ipc.directory", directory::toString);
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        /** What a request waits for until the web server is told to stop. */
        final Sinks.Empty<Void> stopping = Sinks.empty();

        final Sinks.Empty<Void> requested = Sinks.empty();

        /** What was seen, by when. */
        final ConcurrentMap<String, String> seen = new ConcurrentHashMap<>();

        @Bean
        RouterFunction<ServerResponse> routes(IpcPublication<String> words, IpcSubscription<String> clock) {
            return route(GET("/slow"), request -> Mono.fromRunnable(requested::tryEmitEmpty)
                            .then(stopping.asMono())
                            .then(words.emit("of a request in flight"))
                            .then(ServerResponse.ok().build()))
                    .andRoute(GET("/ticks"), request -> ServerResponse.ok()
                            .contentType(MediaType.TEXT_EVENT_STREAM)
                            .body(clock.receive(), String.class));
        }

        /** Starts right before the web server, and stops right after it. */
        @Bean
        SmartLifecycle next(ConfigurableApplicationContext context) {
            return new Recorder(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1) {
                @Override
                public void start() {
                    super.start();
                    seen.put("before the web server starts", state(context));
                }

                @Override
                public void stop() {
                    super.stop();
                    seen.put("after the web server stopped", state(context));
                    words(context).emit("after the web server").block(SOON);
                }
            };
        }

        /** Starts and stops after the web server is told to stop taking requests. */
        @Bean
        SmartLifecycle graceful() {
            return new Recorder(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE) {
                @Override
                public void stop() {
                    super.stop();
                    stopping.tryEmitEmpty();
                }
            };
        }

        @SuppressWarnings("unchecked")
        private static IpcPublication<String> words(ConfigurableApplicationContext context) {
            return context.getBeanFactory().getSingleton("words") instanceof IpcPublication<?> words
                    ? (IpcPublication<String>) words
                    : null;
        }

        private static String state(ConfigurableApplicationContext context) {
            int port = ((WebServerApplicationContext) context).getWebServer().getPort();
            IpcPublication<String> words = words(context);
            return (port > 0 ? "listening" : "not listening") + ", "
                    + (words != null && !words.isDisposed() ? "open" : "not open");
        }
    }

    private abstract static class Recorder implements SmartLifecycle {
        private final int phase;
        private volatile boolean running;

        Recorder(int phase) {
            this.phase = phase;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    @Autowired
    ConfigurableApplicationContext context;

    @Autowired
    Application application;

    @Autowired
    WebTestClient client;

    @Test
    void streamsAreOpenBeforeTheWebServerListens() {
        assertThat(IpcAutoConfiguration.LIFECYCLE_PHASE)
                .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
        assertThat(application.seen).containsEntry("before the web server starts", "not listening, open");
    }

    @Test
    void streamsStayOpenForRequestsInFlightAndForThoseWhoStopAfterTheWebServer(@TempDir Path ofItsOwn) {
        ConfigurableApplicationContext stopping = new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.port=0",
                        "server.shutdown=graceful",
                        "reactive-ipc.publications.words.codec=utf8",
                        "reactive-ipc.subscriptions.clock.codec=utf8",
                        "reactive-ipc.directory=" + ofItsOwn)
                .run();
        Application journal = stopping.getBean(Application.class);
        IpcNode node = stopping.getBean(IpcNode.class);
        int port = ((WebServerApplicationContext) stopping).getWebServer().getPort();
        try (stopping;
                IpcNode other = IpcNode.builder().directory(ofItsOwn).build()) {
            var received = other.subscribe(StreamSpec.of("words", Codec.utf8()))
                    .flatMapMany(IpcSubscription::receive)
                    .collectList()
                    .toFuture();
            Application.words(stopping).awaitSubscribers(1).block(SOON);
            var status = WebClient.create("http://localhost:" + port)
                    .get()
                    .uri("/slow")
                    .exchangeToMono(response -> Mono.just(response.statusCode().value()))
                    .toFuture();
            journal.requested.asMono().block(SOON);

            stopping.close();

            assertThat(status.join()).isEqualTo(200);
            assertThat(journal.seen).containsEntry("after the web server stopped", "not listening, open");
            assertThat(received.join()).containsExactly("of a request in flight", "after the web server");
            assertThat(node.isDisposed()).isTrue();
        }
    }

    @Test
    void whatAnotherProcessPublishesReachesTheBrowser() {
        try (IpcNode other = IpcNode.builder().directory(directory).build()) {
            IpcPublication<String> ticks =
                    other.publish(StreamSpec.of("ticks", Codec.utf8())).block(SOON);
            ticks.awaitSubscribers(1)
                    .then(ticks.emit("tick"))
                    .then(ticks.emit("tock"))
                    .then(ticks.complete())
                    .subscribe();
            List<String> events = client.get()
                    .uri("/ticks")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .returnResult(String.class)
                    .getResponseBody()
                    .collectList()
                    .block(SOON);
            assertThat(events).containsExactly("tick", "tock");
        }
    }

    @Test
    void healthAndMetersAreAmongTheEndpoints() {
        try (IpcNode other = IpcNode.builder().directory(directory).build()) {
            other.publish(StreamSpec.of("ticks", Codec.utf8())).block(SOON);
            context.getBean("clock", IpcSubscription.class).awaitReady().block(SOON);
            assertThat(body("/actuator/health/reactiveIpc")).contains("\"status\":\"UP\"", "\"words\"", "\"clock\"");
            assertThat(body("/actuator/metrics/reactive.ipc.ring.capacity?tag=publication:words"))
                    .contains("4194304");
        }
    }

    private String body(String uri) {
        return client.get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }
}
