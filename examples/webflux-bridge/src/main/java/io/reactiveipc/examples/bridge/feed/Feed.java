package io.reactiveipc.examples.bridge.feed;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.examples.bridge.Command;
import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import io.reactiveipc.examples.bridge.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Publishes snapshots of the machine until the process is ended, and does what the commands say. */
public final class Feed {
    /** Ends the process with its standard input, so that it does not outlive who started it. */
    public static final String UNTIL_INPUT_ENDS = "--until-input-ends";

    private Feed() {}

    /** @return the exit code */
    public static int run(List<String> words) {
        Scheduler thread = Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "machine", 60, true);
        try (IpcNode node = IpcNode.builder().name("machine-feed").build()) {
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
            if (words.contains(UNTIL_INPUT_ENDS)) {
                endWithInput();
            }
            Machine machine = new Machine(Path.of("/proc"));
            IpcSubscription<Command> commands =
                    Objects.requireNonNull(node.subscribe(Streams.COMMANDS).block());
            IpcPublication<Snapshot> publication =
                    Objects.requireNonNull(node.publish(Streams.MACHINE).block());
            System.out.println("the feed publishes \"" + publication.stream() + "\" in " + node.directory() + " (pid "
                    + ProcessHandle.current().pid() + ")");
            publication
                    .send(settings(commands).switchMap(s -> snapshots(s, machine, publication, thread)))
                    .block();
            return 0;
        } catch (IpcException e) {
            if (e.code() == ErrorCode.CLOSED) {
                return 0; // asked to end
            }
            System.err.println(e.getMessage());
            return 1;
        } catch (UncheckedIOException e) {
            System.err.println(e.getMessage() + ": " + e.getCause());
            return 1;
        } finally {
            thread.dispose();
        }
    }

    /** The settings now, and after each command. Web applications may come and go. */
    private static Flux<Settings> settings(IpcSubscription<Command> commands) {
        return commands.receive().repeat().scan(Settings.initial(), Settings::after);
    }

    /** While the ring is full, no looks are taken: who reads late sees the machine as it is, not as it was. */
    private static Flux<Snapshot> snapshots(
            Settings settings, Machine machine, IpcPublication<?> publication, Scheduler thread) {
        if (settings.paused()) {
            return Mono.fromCallable(() -> machine.look(settings, ring(publication)))
                    .subscribeOn(thread)
                    .flux(); // says so, and is silent
        }
        return Flux.interval(Duration.ZERO, Duration.ofMillis(settings.intervalMillis()), thread)
                .onBackpressureDrop()
                .map(tick -> machine.look(settings, ring(publication)));
    }

    private static Snapshot.Ring ring(IpcPublication<?> publication) {
        return new Snapshot.Ring(publication.capacityBytes(), publication.freeBytes(), publication.subscriberCount());
    }

    private static void endWithInput() {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                    } catch (IOException e) {
                        // ends as well
                    }
                    System.exit(0);
                },
                "input");
        reader.setDaemon(true);
        reader.start();
    }
}
