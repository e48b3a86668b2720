package io.reactiveipc.soak;

import io.reactiveipc.IpcNode;
import io.reactiveipc.PeerEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a child runs: {@code <role> <life> <directory> <books>}. Says what happens in lines that begin with {@value #SAYS},
 * and ends when its input does, so that it never outlives who started it.
 */
final class SoakProcess {
    static final String SAYS = "@";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofMillis(4);

    /** A bystander leaves the processors to those who come and go. */
    private static final Duration LONG_REST = Duration.ofMillis(40);

    private final long life;
    private final Path books;

    private SoakProcess(long life, Path books) {
        this.life = life;
        this.books = books;
    }

    static void main(String[] arguments) throws IOException {
        SoakProcess process = new SoakProcess(Long.parseLong(arguments[1]), Path.of(arguments[3]));
        process.run(Role.valueOf(arguments[0]), Path.of(arguments[2]));
    }

    private void run(Role role, Path directory) throws IOException {
        IpcNode node = IpcNode.builder()
                .name(role.name().toLowerCase(Locale.ROOT) + "-" + life)
                .directory(directory)
                .build();
        if (role == Role.BYSTANDER) {
            node.events().ofType(PeerEvent.Crashed.class).subscribe(this::sayCrashed);
        }
        if (role != Role.PUBLISHER) {
            Subscriber.openAll(node, this);
        }
        if (role != Role.SUBSCRIBER) {
            String stream = Streams.NAMES.get((int) (life % Streams.NAMES.size()));
            start(Publisher.open(node, stream, this, role == Role.BYSTANDER ? LONG_REST : REST));
        }
        say("open", "");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("leave")) {
                System.exit(0);
            }
            say("usage", Usage.now().line());
        }
        Runtime.getRuntime().halt(0);
    }

    private void start(Publisher publisher) {
        Thread thread = new Thread(
                () -> {
                    try {
                        publisher.run();
                    } catch (RuntimeException e) {
                        say("violation", "publishing failed: " + e);
                    }
                },
                "publisher");
        thread.setDaemon(true);
        thread.start();
    }

    private void sayCrashed(PeerEvent.Crashed crashed) {
        say("crashed", crashed.peer().pid() + " " + System.currentTimeMillis());
    }

    /** One number for each process that ever was. */
    long life() {
        return life;
    }

    /** Where the books are. */
    Path books() {
        return books;
    }

    <T> T got(Mono<T> mono) {
        @Nullable T value = mono.block(PATIENCE);
        return Objects.requireNonNull(value);
    }

    void say(String word, String text) {
        synchronized (System.out) {
            System.out.println(SAYS + word + " " + text.replace('\n', ' '));
            System.out.flush();
        }
    }
}
