package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has a start that failed say why, without a stack trace. */
final class IpcFailureAnalyzer extends AbstractFailureAnalyzer<IpcException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, IpcException cause) {
        String action =
                switch (cause.code()) {
                    case DIRECTORY, STORAGE ->
                        "Name another directory with --reactive-ipc.directory=…, the same for all processes.";
                    case INCOMPATIBLE_STREAM, INCOMPATIBLE_FILE ->
                        "Use the same version of the application everywhere.";
                    default -> "See what the message says.";
                };
        return new FailureAnalysis(cause.code() + ": " + cause.getMessage(), action, cause);
    }
}
