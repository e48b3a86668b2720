package io.reactiveipc.examples.bridge.web;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** What browsers listen to, and the button that kills the feed. */
@RestController
@RequestMapping("/api")
class FeedController {
    /** Something is sent at least as often, so that a connection that is gone is found to be. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    /** For all browsers: one timer, and no lock of a scheduler for each that leaves. */
    private final Flux<Long> ticks =
            Flux.interval(SIGN_OF_LIFE).onBackpressureDrop().share();

    private final SharedFeed feed;
    private final Picture picture;
    private final FeedProcess process;
    private final Drain drain;

    FeedController(SharedFeed feed, Picture picture, FeedProcess process, Drain drain) {
        this.feed = feed;
        this.picture = picture;
        this.process = process;
        this.drain = drain;
    }

    /** The snapshots, from the latest one on. */
    @GetMapping(path = "/feed", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> feed(ServerHttpRequest request) {
        Flux<ServerSentEvent<String>> frames = feed.frames().map(frame -> ServerSentEvent.builder(frame.json())
                .id(frame.snapshot().pid() + "-" + frame.snapshot().sequence())
                .build());
        Flux<ServerSentEvent<String>> signs = ticks.onBackpressureDrop()
                .map(tick -> ServerSentEvent.<String>builder().comment("").build());
        return drain.ending(Pace.oneByOne(Flux.merge(1, frames, signs), request));
    }

    /** How it is now, as {@code streams}, and what happened to peers, as {@code peer}; then each change. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Object>> events(ServerHttpRequest request) {
        Flux<ServerSentEvent<Object>> views = picture.views().map(view -> sent("streams", view));
        Flux<ServerSentEvent<Object>> changes = picture.changes().map(change -> sent("peer", change));
        return drain.ending(Pace.oneByOne(Flux.merge(1, views, changes), request));
    }

    private static ServerSentEvent<Object> sent(String name, Object data) {
        return ServerSentEvent.builder(data).event(name).build();
    }

    /** Kills the feed that this application launched, to see what happens. */
    @DeleteMapping("/feed")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, Long> kill() {
        OptionalLong pid = process.kill();
        if (pid.isEmpty()) {
            throw Problem.of(
                    HttpStatus.CONFLICT, "No feed to kill", "No feed is alive that this application launched.");
        }
        return Map.of("killed", pid.getAsLong());
    }
}
