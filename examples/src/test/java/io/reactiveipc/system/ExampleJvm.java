package io.reactiveipc.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One example in a JVM of its own, started as its users start it: {@code java -jar examples.jar}. */
final class ExampleJvm implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private ExampleJvm(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of an example");
        reader.setDaemon(true);
        reader.start();
    }

    static ExampleJvm start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dreactive.ipc.sockets=" + System.getProperty("reactive.ipc.sockets", "auto"),
                "-jar",
                System.getProperty("examples.jar")));
        command.addAll(List.of(words));
        return new ExampleJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(" + e + ")");
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** All it has printed so far. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Those of its lines that begin so. */
    List<String> lines(String beginning) {
        return lines().stream().filter(line -> line.startsWith(beginning)).toList();
    }

    /** Waits until so many lines begin so. */
    synchronized void await(String beginning, int times) throws InterruptedException {
        while (starting(beginning).count() < times) {
            if (ended) {
                throw new AssertionError(this + " ended before it said \"" + beginning + "\" " + times + " times");
            }
            try {
                wait();
            } catch (InterruptedException e) {
                // The watchdog: what came instead is the only trace.
                System.out.println(this + " did not say \"" + beginning + "\" " + times + " times");
                throw e;
            }
        }
    }

    private Stream<String> starting(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning));
    }

    /** Ctrl+C. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end, and for all it printed. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(this + " does not end");
        }
        synchronized (this) {
            while (!ended) {
                wait();
            }
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public String toString() {
        return "example (pid " + process.pid() + ") that said:\n" + String.join("\n", lines()) + "\n";
    }
}
