package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.examples.bridge.Command;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Sinks;

/** The way back to the process. */
@Component
class CommandStream {
    private final IpcPublication<Command> publication;

    CommandStream(IpcPublication<Command> publication) {
        this.publication = publication;
    }

    /** One at a time: requests come on several threads, and none of them waits here for room. */
    synchronized Sinks.EmitResult send(Command command) {
        return publication.tryEmit(command);
    }

    IpcPublication<Command> publication() {
        return publication;
    }
}
