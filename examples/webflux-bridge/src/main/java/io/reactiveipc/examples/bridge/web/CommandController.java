package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.examples.bridge.Command;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Sinks;

/**
 * Takes commands and writes them to the process's ring. The answer is 202 once a command is in the ring: that it was carried
 * out is seen in the feed, whose {@code settings.lastCommand} names it.
 */
@RestController
class CommandController {
    private static final String NOT_TAKEN = "Command not taken";

    private final CommandStream commands;

    CommandController(CommandStream commands) {
        this.commands = commands;
    }

    @PostMapping(path = "/api/commands", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Command send(@RequestBody Map<String, @Nullable Object> fields) {
        Command command = parse(fields);
        Sinks.EmitResult result = commands.send(command);
        return switch (result) {
            case OK -> command;
            case FAIL_ZERO_SUBSCRIBER ->
                throw unavailable("No feed process is there to take it. The page tells when there is one again.");
            case FAIL_OVERFLOW, FAIL_NON_SERIALIZED ->
                throw unavailable(
                        "The feed process has not read its earlier commands yet, and there is no room for more.");
            case FAIL_TERMINATED, FAIL_CANCELLED -> throw unavailable("The application is stopping.");
        };
    }

    private static Command parse(Map<String, @Nullable Object> fields) {
        try {
            return Command.of(fields);
        } catch (IllegalArgumentException e) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "Not a command", e.getMessage());
        }
    }

    private static ErrorResponseException unavailable(String detail) {
        ErrorResponseException problem = Problem.of(HttpStatus.SERVICE_UNAVAILABLE, NOT_TAKEN, detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        return problem;
    }

    /** What is no JSON object at all. */
    @ExceptionHandler
    ErrorResponseException unreadable(ServerWebInputException e) {
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "Not a command",
                "The body must be a JSON object, as {\"intervalMillis\": 250}, {\"sort\": \"memory\"} or {\"paused\": true}.");
    }
}
