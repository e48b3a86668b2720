package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.examples.bridge.Command;
import io.reactiveipc.examples.bridge.Streams;
import java.util.Objects;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Sinks;

/** The way back to the process. */
@Component
class CommandStream implements DisposableBean {
    private final IpcPublication<Command> publication;

    CommandStream(IpcNode node) {
        publication = Objects.requireNonNull(node.publish(Streams.COMMANDS).block());
    }

    /** One at a time: requests come on several threads, and none of them waits here for room. */
    synchronized Sinks.EmitResult send(Command command) {
        return publication.tryEmit(command);
    }

    IpcPublication<Command> publication() {
        return publication;
    }

    @Override
    public void destroy() {
        publication.dispose();
    }
}
