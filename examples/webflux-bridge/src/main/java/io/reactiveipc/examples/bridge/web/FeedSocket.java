package io.reactiveipc.examples.bridge.web;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snapshots as the messages of a web socket, the same as {@code /api/feed}. What the browser sends is not read. */
@Component
class FeedSocket implements WebSocketHandler {
    private final SharedFeed feed;
    private final Drain drain;

    FeedSocket(SharedFeed feed, Drain drain) {
        this.feed = feed;
        this.drain = drain;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Flux<WebSocketMessage> messages = drain.ending(feed.frames()).map(frame -> session.textMessage(frame.json()));
        // The browser's end of the connection is seen only by who reads from it.
        Mono<Void> left = session.receive().then();
        return Mono.firstWithSignal(session.send(messages), left).then(session.close(CloseStatus.GOING_AWAY));
    }
}
