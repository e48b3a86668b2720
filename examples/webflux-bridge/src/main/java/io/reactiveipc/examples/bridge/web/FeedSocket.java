package io.reactiveipc.examples.bridge.web;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
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
        // One at a time: a session asks for many messages at once, and keeps them for a browser that does not read.
        Mono<Void> all = drain.ending(feed.frames())
                .concatMap(frame -> session.send(Mono.fromSupplier(() -> session.textMessage(frame.json()))), 0)
                .then();
        // The browser's end of the connection is seen only by who reads from it.
        Mono<Void> left = session.receive().then();
        return Mono.firstWithSignal(all, left).then(session.close(CloseStatus.GOING_AWAY));
    }
}
