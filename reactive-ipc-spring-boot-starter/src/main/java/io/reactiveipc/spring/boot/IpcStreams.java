package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Opens streams of the application's node, for beans that are made in code:
 *
 * <pre>{@code
 * @Bean
 * IpcPublication<Quote> quotes(IpcStreams streams) {
 *     return streams.publish(StreamSpec.of("quotes", new QuoteCodec()));
 * }
 * }</pre>
 *
 * <p>A stream that is a bean has its place in the health and the meters of the application, and what was published is given
 * time to be read when the application stops. Its methods wait for files, so they are not for the threads of an event loop:
 * there, use {@link IpcNode#publish} and {@link IpcNode#subscribe}.
 */
public final class IpcStreams {
    /** Opening waits for nobody, only for the file system. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private final IpcNode node;

    public IpcStreams(IpcNode node) {
        this.node = Objects.requireNonNull(node, "node");
    }

    /**
     * Opens a publication. It ends with the node.
     *
     * @throws IpcException as {@link IpcNode#publish}
     */
    public <T> IpcPublication<T> publish(StreamSpec<T> spec) {
        return opened(node.publish(spec));
    }

    /**
     * Opens a subscription, whether or not there is a publication yet. It ends with the node.
     *
     * @throws IpcException as {@link IpcNode#subscribe}
     */
    public <T> IpcSubscription<T> subscribe(StreamSpec<T> spec) {
        return opened(node.subscribe(spec));
    }

    private static <S> S opened(Mono<S> opening) {
        return Objects.requireNonNull(opening.block(OPENING));
    }
}
