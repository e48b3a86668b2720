package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says of a node or a stream that could not be opened, and kept the application from starting, what to do. */
final class IpcFailureAnalyzer extends AbstractFailureAnalyzer<IpcException> {
    private static final String STARTS_ANYWAY =
            "\n\nWith reactive-ipc.optional=true the application starts anyway, with a node"
                    + " that reaches no other process.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, IpcException cause) {
        String action =
                switch (cause.code()) {
                    case DIRECTORY ->
                        "Make it a directory that this user can write and nobody else can enter, or name another one with"
                                + " reactive-ipc.directory, such as /dev/shm/my-application. All processes that are to see each"
                                + " other need the same one." + STARTS_ANYWAY;
                    case STORAGE ->
                        "Make room, name another directory with reactive-ipc.directory, or choose a smaller capacity for the"
                                + " publication.";
                    case INCOMPATIBLE_FILE, TOO_MANY_NODES ->
                        "Follow the description, or name another directory with reactive-ipc.directory."
                                + STARTS_ANYWAY;
                    case INCOMPATIBLE_STREAM ->
                        "Use the same codec and capacity wherever the stream is published or subscribed to; for streams of"
                                + " properties, these are reactive-ipc.publications.<name>.codec and .capacity, and the same of"
                                + " reactive-ipc.subscriptions.";
                    default -> "Follow the description.";
                };
        return new FailureAnalysis("IPC could not be set up: " + cause.getMessage(), action, cause);
    }
}
