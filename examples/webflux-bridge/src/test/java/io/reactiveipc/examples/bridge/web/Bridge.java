package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.examples.bridge.Snapshot;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

/** An application that runs in this JVM, as its clients see it. */
final class Bridge {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 500;

    private final ConfigurableApplicationContext context;
    private final WebClient client;

    Bridge(ConfigurableApplicationContext context) {
        this.context = context;
        this.client = WebClient.builder()
                .baseUrl("http://127.0.0.1:" + port())
                .clientConnector(new ReactorClientHttpConnector(
                        HttpClient.create(ConnectionProvider.create("browsers", CONNECTIONS))))
                .build();
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** For single requests. */
    WebTestClient requests() {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port())
                .responseTimeout(PATIENCE)
                .build();
    }

    /** One connection to the feed, as long as it is subscribed. */
    Flux<Snapshot> feed() {
        return client.get()
                .uri("/api/feed")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<Snapshot>>() {})
                .mapNotNull(ServerSentEvent::data);
    }

    /** One connection to the events, of one name. */
    Flux<JsonNode> events(String name) {
        return client.get()
                .uri("/api/events")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<JsonNode>>() {})
                .filter(event -> name.equals(event.event()))
                .mapNotNull(ServerSentEvent::data);
    }

    /** Waits until the picture of the streams says so of the feed. */
    void awaitFeed(String state) {
        await("streams", view -> view.get("feed").asString().equals(state));
    }

    /** Waits for an event. */
    JsonNode await(String name, Function<JsonNode, Boolean> condition) {
        JsonNode found = events(name).filter(condition::apply).blockFirst(PATIENCE);
        if (found == null) {
            throw new AssertionError("the events ended without it");
        }
        return found;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    void stop() {
        context.close();
    }
}
