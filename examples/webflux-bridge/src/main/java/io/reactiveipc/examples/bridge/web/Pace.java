package io.reactiveipc.examples.bridge.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Has a response ask for its next element when the one before it was handed to the operating system. A web server asks for
 * many at once and keeps them for a browser that does not read, which then gets minutes of them; like this, what is skipped is
 * skipped at the source, and such a browser gets the newest one next.
 */
@Configuration(proxyBeanMethods = false)
class Pace {
    /** What the operating system holds of a connection in turn: some ten snapshots. */
    private static final int SEND_BUFFER_BYTES = 16 * 1024;

    @Bean
    NettyServerCustomizer shortWay() {
        return Pace::shortened;
    }

    private static HttpServer shortened(HttpServer server) {
        return server.childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
    }

    /** The same elements, one at a time. */
    static <T> Flux<T> oneByOne(Flux<T> elements, ServerHttpRequest request) {
        Channel channel = channelOf(request);
        return elements.concatMap(element -> Flux.concat(Mono.just(element), written(channel)), 0);
    }

    private static Channel channelOf(ServerHttpRequest request) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        HttpServerRequest connected = ServerHttpRequestDecorator.getNativeRequest(request);
        connected.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }

    /** Completes when all that was written before has left, or never will. */
    private static <T> Mono<T> written(Channel channel) {
        // as a task of its own, to come behind the one that writes the element
        return Mono.create(sink -> channel.eventLoop()
                .execute(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(end -> sink.success())));
    }
}
