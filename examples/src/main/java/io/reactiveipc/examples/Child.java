package io.reactiveipc.examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that the demo started: another JVM with the same jar. Any thread may ask it anything. */
final class Child {
    private final String name;
    private final Terminal terminal;
    private final Process process;
    private final List<Thread> readers;
    private final Map<Phase, Long> progress = new EnumMap<>(Phase.class);
    private final Map<Phase, PhaseReport> reports = new EnumMap<>(Phase.class);
    private volatile boolean stopping;

    private Child(String name, Process process, Terminal terminal) {
        this.name = name;
        this.terminal = terminal;
        this.process = process;
        this.readers =
                List.of(follow(process.getInputStream(), this::read), follow(process.getErrorStream(), this::relay));
    }

    /** @param input whether the child reads this process's standard input */
    static Child start(String name, String example, List<String> arguments, boolean input, Terminal terminal)
            throws IOException {
        List<String> command = new ArrayList<>(java());
        command.add(example);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        if (input) {
            builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
        }
        return new Child(name, builder.start(), terminal);
    }

    /** The JVM that runs this, with the same classes. From the jar, its manifest saves the flags. */
    private static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        System.getProperties().stringPropertyNames().stream()
                .filter(property -> property.startsWith("reactive.ipc."))
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        String classPath = System.getProperty("java.class.path");
        if (!classPath.contains(File.pathSeparator) && Files.isRegularFile(Path.of(classPath))) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, Examples.class.getName()));
        }
        return command;
    }

    private Thread follow(InputStream stream, Consumer<String> reader) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(reader);
                    } catch (IOException | UncheckedIOException e) {
                        // the process was ended while it spoke
                    }
                },
                name + " output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void read(String line) {
        Optional<Progress> step = Progress.parse(line);
        Optional<PhaseReport> report = PhaseReport.parse(line);
        synchronized (this) {
            step.ifPresent(p -> progress.put(p.phase(), p.messages()));
            report.ifPresent(r -> {
                progress.put(r.phase(), r.messages());
                reports.put(r.phase(), r);
            });
        }
        if (step.isEmpty() && report.isEmpty()) {
            relay(line);
        }
    }

    /** Not what a process that is made to end, or its peers, have to say about that. */
    private void relay(String line) {
        if (!stopping) {
            terminal.err().println("  " + name + ": " + line);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    synchronized long messages(Phase phase) {
        return progress.getOrDefault(phase, 0L);
    }

    /** Whether the phase is over for it. */
    synchronized boolean reported(Phase phase) {
        return reports.containsKey(phase);
    }

    synchronized PhaseReport report(Phase phase) {
        return Objects.requireNonNull(reports.get(phase), () -> name + " has not reported");
    }

    /** Whether the process has ended and all it said was read. */
    boolean ended() {
        return !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to end. */
    void askToStop() {
        stopping = true;
        process.destroy();
    }

    /** Ends it, by force where asking does not do in a second. */
    void stop() {
        askToStop();
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
