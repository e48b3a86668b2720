package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Publishes each line of its standard input. {@code exit} is published too, and ends the clients as well. */
final class Broadcaster {
    static final String EXIT = "exit";

    private Broadcaster() {}

    /** The stream that both sides open. With timestamps, so that a client can tell the age of a line. */
    static StreamSpec<String> stream(Arguments arguments) {
        try {
            return StreamSpec.of(arguments.text("--stream").orElse("lines"), Codec.utf8())
                    .timestamps(true);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stream: " + e.getMessage());
        }
    }

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments = Arguments.parse(words, Set.of("--stream", "--directory", "--clients", Waiting.OPTION), 0);
        StreamSpec<String> stream = stream(arguments);
        int clients = arguments.number("--clients", 0, 64, 0);
        try (IpcNode node = Examples.node("broadcaster", arguments)) {
            IpcPublication<String> publication = node.publish(stream).block();
            // Ctrl+C ends the stream as "exit" does, and not as a crash
            Shutdown.run(node::close);
            if (clients > 0) {
                terminal.out().println("waiting for " + clients + (clients == 1 ? " client…" : " clients…"));
                publication.awaitSubscribers(clients).block();
            }
            terminal.out().println("stream \"" + stream.name() + "\" is open: type lines, \"exit\" ends");
            publishLines(publication, terminal);
            publication.complete().block();
            return Examples.OK;
        } catch (IOException e) {
            terminal.err().println("broadcaster: cannot read standard input: " + e.getMessage());
            return Examples.FAILED;
        }
    }

    private static void publishLines(IpcPublication<String> publication, Terminal terminal) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int listeners = publication.subscriberCount();
            try {
                publication.emit(line).block();
            } catch (IllegalArgumentException e) {
                terminal.err().println("not published: " + e.getMessage());
                continue;
            }
            terminal.out().println("Published: " + line + (listeners == 0 ? "  (nobody listens yet)" : ""));
            if (line.equals(EXIT)) {
                return;
            }
        }
    }
}
