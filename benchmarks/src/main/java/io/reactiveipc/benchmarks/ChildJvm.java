package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.role.Assignment;
import io.reactiveipc.benchmarks.role.MeasuredProcess;
import io.reactiveipc.benchmarks.role.Usage;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One measured process, seen from the parent: commands go in, marked lines come out. */
final class ChildJvm implements AutoCloseable {
    /** The same heap for all, touched before it counts; throughput collector: no barriers for the others' sake. */
    static final List<String> FLAGS = List.of(
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseParallelGC",
            "-XX:+AlwaysPreTouch",
            "-XX:-UsePerfData",
            "-Dchronicle.analytics.disable=true",
            "-Dio.netty.leakDetection.level=disabled");

    private static final long CLOSE_SECONDS = 8;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Process process;
    private final Path log;
    private final BufferedWriter commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final String what;
    private final AtomicReference<String> failure;
    private volatile boolean closing;

    /** @param failure where the processes of one measurement leave what went wrong, for whoever waits for any of them */
    ChildJvm(Peer peer, Assignment assignment, Path log, AtomicReference<String> failure) throws IOException {
        this.failure = failure;
        this.log = log;
        this.what = assignment.task() + " of " + peer.name();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(peer.jvmFlags());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MeasuredProcess.class.getName());
        command.addAll(assignment.words());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(this::read, "reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                if (line.startsWith("@failed ")) {
                    failure.compareAndSet(null, what + ": " + line.substring("@failed ".length()));
                } else if (line.startsWith("@")) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            failure.compareAndSet(null, what + ": " + e);
        }
        if (!closing) {
            failure.compareAndSet(null, what + " ended unasked");
        }
    }

    long pid() {
        return process.pid();
    }

    void tell(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new MeasurementException(
                    Objects.requireNonNullElse(failure.get(), what + " no longer listens: " + e) + tail());
        }
    }

    /**
     * Waits for a reply; returns its words, the verb first.
     *
     * @throws MeasurementException if the process fails, ends, replies something else, or not in time
     */
    String[] await(String verb, long seconds) {
        @Nullable String line = null;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (line == null && failure.get() == null && System.nanoTime() < until) {
                line = lines.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
        if (failure.get() != null) {
            throw new MeasurementException(failure.get() + tail());
        }
        if (line == null) {
            throw new MeasurementException(what + " did not say \"" + verb + "\" within " + seconds + " s" + tail());
        }
        if (!line.startsWith("@" + verb + " ")) {
            throw new MeasurementException(what + " did not say \"" + verb + "\" but \"" + line + "\"" + tail());
        }
        return line.substring(1).split(" ");
    }

    Usage usage() {
        tell("usage");
        return Usage.of(await("usage", CLOSE_SECONDS));
    }

    private String tail() {
        try {
            List<String> all = Files.readAllLines(log);
            List<String> last = all.subList(Math.max(0, all.size() - 12), all.size());
            return last.isEmpty() ? "" : "\n    " + String.join("\n    ", last);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the process, in order if it can. */
    @Override
    public void close() {
        closing = true;
        try {
            commands.write("stop\n");
            commands.close();
        } catch (IOException e) {
            // it has gone already
        }
    }

    /** Waits for the end that {@link #close} asked for. */
    void awaitEnd() {
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
