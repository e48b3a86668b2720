package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process running examples.jar, with both its outputs as lines. Closing it ends the process and all it started. */
final class RunningJar implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final String name;
    private final Process process;
    private final PrintStream keyboard;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<Thread> readers;

    private RunningJar(String name, Process process) {
        this.name = name;
        this.process = process;
        this.keyboard = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    /** {@code java -jar examples.jar arguments…} */
    static RunningJar start(String... arguments) throws IOException {
        return launch(arguments[0], List.of("-jar", jar()), arguments);
    }

    /** Another class of the jar, with a system property. */
    static RunningJar startClass(Class<?> type, String property) throws IOException {
        return launch(type.getSimpleName(), List.of(property, "-cp", jar(), type.getName()));
    }

    private static String jar() {
        return System.getProperty("examples.jar");
    }

    private static RunningJar launch(String name, List<String> start, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(start);
        command.addAll(Arrays.asList(arguments));
        return new RunningJar(name, new ProcessBuilder(command).start());
    }

    private Thread collect(InputStream stream, List<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            synchronized (this) {
                                lines.add(line);
                                notifyAll();
                            }
                        }
                    } catch (IOException | UncheckedIOException e) {
                        // the process was ended
                    }
                },
                name + " output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void type(String line) {
        keyboard.println(line);
    }

    void print(String text) {
        keyboard.print(text);
        keyboard.flush();
    }

    void endInput() {
        keyboard.close();
    }

    /** The first line of standard output that contains the text, once it is there. */
    synchronized String awaitLine(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            for (String line : out) {
                if (line.contains(text)) {
                    return line;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || (readers.stream().noneMatch(Thread::isAlive) && !process.isAlive())) {
                throw new AssertionError(name + " did not print \"" + text + "\" but " + out + ", errors " + err);
            }
            wait(Math.min(left, 100));
        }
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " did not end; it printed " + out + ", errors " + err);
        }
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        return process.exitValue();
    }

    void assertExit(int code) throws InterruptedException {
        int actual = awaitExit();
        assertThat(actual)
                .as(() -> name + " printed " + out + ", errors " + err)
                .isEqualTo(code);
    }

    synchronized List<String> out() {
        return List.copyOf(out);
    }

    synchronized String errors() {
        return String.join("\n", err);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Asks it to end, as Ctrl+C does. */
    void askToEnd() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
