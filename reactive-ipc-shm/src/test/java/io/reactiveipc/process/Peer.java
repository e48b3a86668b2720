package io.reactiveipc.process;

import io.reactiveipc.Codec;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.Overflow;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.RemoteErrorException;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.Memory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * What a child JVM runs: does what its standard input says, and answers each line with one of its own, {@code ok} or {@code
 * failed}. What happens later is told by a line that begins with {@code !}. Ends with its input, so that it never outlives
 * the test.
 */
public final class Peer {
    /** Begins an answer. */
    static final String ANSWER = "> ";

    /** Begins what nobody asked for. */
    static final String EVENT = "! ";

    private @Nullable IpcNode node;
    private @Nullable Sender sender;
    private @Nullable BatchSender batches;
    private @Nullable Receiver receiver;
    private @Nullable Worker worker;
    private final Map<String, PeerLog> events = new HashMap<>();
    private @Nullable Listener listener;
    private final List<FileChannel> hoarded = new ArrayList<>();

    private Peer() {}

    public static void main(String[] args) throws IOException {
        Peer peer = new Peer();
        say(EVENT + Line.of("ready", "memory", Memory.mode()));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Line answer;
            try {
                answer = new Line("ok", peer.obey(Line.parse(line)));
            } catch (RuntimeException | IOException e) {
                answer = failure("failed", e);
            }
            say(ANSWER + answer);
        }
        Runtime.getRuntime().halt(0);
    }

    private Map<String, String> obey(Line command) throws IOException {
        Map<String, String> answer = new LinkedHashMap<>();
        switch (command.word()) {
            case "open" -> node = open(command);
            case "pid" ->
                answer.put("pid", Long.toString(ProcessHandle.current().pid()));
            case "exhaust" -> exhaust();
            case "relent" -> relent();
            case "close" -> {
                got(node).close();
                node = null;
            }
            case "churn" -> churn(command);
            case "publish" -> sender = Sender.open(got(node), command);
            case "await" ->
                got(sender).await(got(sender).publication().awaitSubscribers((int) command.number("subscribers")));
            case "send" ->
                got(sender).send(command.number("count", -1), Boolean.parseBoolean(command.text("counting", "false")));
            case "emit" -> got(sender).emit(command.number("count"), command.number("halfOf", -1));
            case "claim" -> got(sender).claim(Boolean.parseBoolean(command.text("abort")));
            case "drip" -> got(sender).drip(command.number("count"));
            case "publishBatches" -> batches = BatchSender.open(command);
            case "batches" -> got(batches).send(command.number("count"));
            case "stop" -> got(sender).stop();
            case "complete" -> got(sender).await(got(sender).publication().complete());
            case "error" ->
                got(sender).await(got(sender).publication().error(new IllegalStateException(command.text("message"))));
            case "drain" -> got(sender).await(got(sender).publication().drained());
            case "sender" -> got(sender).report(answer);
            case "subscribe" -> receiver = Receiver.open(got(node), command);
            case "ready" -> got(receiver).awaitReady();
            case "receive" ->
                got(receiver).receive(command.text("how", "decoded"), command.number("demand", Long.MAX_VALUE));
            case "request" -> got(receiver).request(command.number("n"));
            case "cancel" -> got(receiver).cancel();
            case "receiver" -> got(receiver).report(answer);
            case "work" -> {
                worker = Worker.open(got(node), command);
                worker.work(command.number("demand", Long.MAX_VALUE));
            }
            case "worker" -> {
                answer.put("begun", Long.toString(got(worker).begun()));
                answer.put("end", String.valueOf(got(worker).end()));
            }
            case "quit" -> got(worker).cancel();
            case "watch" -> watch(command);
            case "events" -> got(events.get(command.text("as"))).report(answer);
            case "signal" -> Listener.signal(got(node), command.text("signal"), command.number("count"));
            case "signalForEver" -> Listener.signalForEver(got(node), command.text("signal"));
            case "listen" ->
                listener = Listener.open(got(node), command.text("signal"), command.number("demand", Long.MAX_VALUE));
            case "demand" -> got(listener).request(command.number("n"));
            case "listener" -> got(listener).report(answer);
            default -> throw new IllegalArgumentException("no such command: " + command);
        }
        return answer;
    }

    private static IpcNode open(Line options) {
        IpcNode.Builder builder = IpcNode.builder().name(options.text("name", "peer"));
        if (options.values().containsKey("heartbeat")) {
            builder.heartbeat(Duration.ofMillis(options.number("heartbeat")));
        }
        if (options.values().containsKey("stale")) {
            builder.staleAfter(Duration.ofMillis(options.number("stale")));
        }
        return builder.build();
    }

    /** Begins to write down what one of the Fluxes of peer events tells. */
    private void watch(Line command) {
        Flux<PeerEvent> told =
                switch (command.text("what")) {
                    case "node" -> got(node).events();
                    case "publication" -> got(sender).publication().events();
                    case "subscription" -> got(receiver).subscription().events();
                    default -> throw new IllegalArgumentException("nothing to watch: " + command);
                };
        events.put(command.text("as"), PeerLog.of(told));
    }

    /** Comes, publishes, signals, subscribes and goes, for ever. */
    private static void churn(Line command) {
        for (long round = 1; ; round++) {
            try (IpcNode churning = IpcNode.create()) {
                Sender.open(churning, command).send(10, false);
                churning.signal("churn").block();
                Receiver.open(churning, command).receive("decoded", Long.MAX_VALUE);
            }
            tell(Line.of("churned", "round", round));
        }
    }

    /** Opens files until no descriptor has come free for a second: what ended before is let go of in the background. */
    private void exhaust() {
        for (int quiet = 0; quiet < 20; ) {
            int before = hoarded.size();
            hoard();
            quiet = hoarded.size() == before ? quiet + 1 : 0;
            LockSupport.parkNanos(50_000_000);
        }
        tell(Line.of("exhausted", "files", hoarded.size()));
    }

    private void hoard() {
        try {
            while (true) {
                hoarded.add(FileChannel.open(Path.of("/dev/null")));
            }
        } catch (IOException e) {
            // none left
        }
    }

    private void relent() throws IOException {
        for (FileChannel file : hoarded) {
            file.close();
        }
        hoarded.clear();
    }

    static <T> T got(@Nullable T value) {
        return Objects.requireNonNull(value, "not opened yet");
    }

    static <T> StreamSpec<T> spec(Line command, Codec<T> codec) {
        StreamSpec<T> spec = StreamSpec.of(command.text("stream"), codec);
        spec = spec.awaitSuccessor(Boolean.parseBoolean(command.text("successor", "false")));
        spec = command.values().containsKey("capacity") ? spec.capacity((int) command.number("capacity")) : spec;
        return choices(command, spec.maxSubscribers((int) command.number("maxSubscribers", 64)));
    }

    private static <T> StreamSpec<T> choices(Line command, StreamSpec<T> spec) {
        Overflow.Kind overflow = Overflow.Kind.valueOf(command.text("overflow", "WAIT"));
        return spec.overflow(new Overflow(overflow, Duration.ofMillis(command.number("patience", 0))))
                .history((int) command.number("history", 1))
                .gap(Gap.valueOf(command.text("gap", "ERROR")))
                .delivery(Delivery.valueOf(command.text("delivery", "BROADCAST")));
    }

    static Payload payload(Line command, long seed) {
        int min = (int) command.number("min", 16);
        int usual = (int) command.number("usual", Math.max(min, 200));
        return new Payload(seed, min, usual, (int) command.number("max", usual));
    }

    static Line failure(String word, Throwable error) {
        Line line = Line.of(word, "how", "error", "type", error.getClass().getName(), "message", error.getMessage());
        if (error instanceof IpcException ipc) {
            line.values().put("code", ipc.code().name());
        }
        if (error instanceof RemoteErrorException remote) {
            line.values().put("remoteType", remote.remoteType());
            line.values().put("remoteMessage", remote.remoteMessage());
        }
        return line;
    }

    static void tell(Line event) {
        say(EVENT + event);
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
