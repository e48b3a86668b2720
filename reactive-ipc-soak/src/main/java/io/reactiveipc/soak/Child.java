package io.reactiveipc.soak;

import io.reactiveipc.shm.crash.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** One process: a role and a life. */
final class Child {
    private static final int KILLED = 137;

    private final Role role;
    private final long life;
    private final boolean mortal;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<Usage> usages = new LinkedBlockingQueue<>();
    private final Thread reader;
    private volatile boolean open;
    private volatile boolean stopped;

    private Child(Role role, long life, boolean mortal, Process process, BiConsumer<Child, String[]> listener) {
        this.role = role;
        this.life = life;
        this.mortal = mortal;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.reader = new Thread(() -> read(listener), "output of " + this);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * @param archive flag for classes that are ready to use, or empty
     * @param crash where it halts itself, as the property says; empty for nowhere
     * @param listener what it says: a word and the rest; on another thread
     */
    static Child start(
            Role role,
            long life,
            Path directory,
            Path books,
            String archive,
            String crash,
            BiConsumer<Child, String[]> listener) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-Xss512k", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
        command.add("-Xlog:disable"); // of classes that cannot be archived
        if (role != Role.BYSTANDER) {
            command.add("-XX:TieredStopAtLevel=1"); // they live for seconds
        }
        if (life % 2 == 0) { // the jar's manifest exports what the other needs
            command.add("-Dreactive.ipc.memory=varhandle");
        }
        if (!archive.isEmpty()) {
            command.add(archive);
        }
        if (!crash.isEmpty()) {
            command.add("-D" + CrashPoint.PROPERTY + "=" + crash);
        }
        command.addAll(List.of(
                "-jar",
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString()));
        command.addAll(List.of(Soak.CHILD, role.name(), Long.toString(life), directory.toString(), books.toString()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            return new Child(role, life, !crash.isEmpty(), process, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a process for a moment to write down the classes that all need, which then start in half the time.
     *
     * @return the flag that makes use of it; empty where that cannot be done
     */
    static String archive(Path directory, Path books, BiConsumer<Child, String[]> listener)
            throws InterruptedException {
        Path file = books.resolve("classes.jsa");
        Child child = start(Role.BYSTANDER, 0, directory, books, "-XX:ArchiveClassesAtExit=" + file, "", listener);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!child.isOpen() && child.isAlive() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        child.tell("leave");
        if (!child.process.waitFor(60, TimeUnit.SECONDS)) {
            child.kill();
        }
        return Files.exists(file) ? "-XX:SharedArchiveFile=" + file : "";
    }

    private void read(BiConsumer<Child, String[]> listener) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(SoakProcess.SAYS)) {
                    String[] said = line.substring(SoakProcess.SAYS.length()).split(" ", 2);
                    switch (said[0]) {
                        case "open" -> open = true;
                        case "usage" -> usages.add(Usage.parse(said[1]));
                        default -> listener.accept(this, said);
                    }
                } else if (!line.startsWith("SLF4J")) {
                    listener.accept(this, new String[] {"log", line});
                }
            }
        } catch (IOException e) {
            // it was killed in the middle of a line
        }
    }

    Role role() {
        return role;
    }

    long life() {
        return life;
    }

    long pid() {
        return process.pid();
    }

    /** Whether its node is there. */
    boolean isOpen() {
        return open;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ended as somebody does who is killed, or who was to halt itself. */
    boolean endedAsDue() {
        int code = process.exitValue();
        return code == KILLED || mortal && code == CrashPoint.EXIT_CODE;
    }

    boolean haltedItself() {
        return process.exitValue() == CrashPoint.EXIT_CODE;
    }

    int exitCode() {
        return process.exitValue();
    }

    /** {@code kill -9}; does not wait. */
    void kill() {
        process.destroyForcibly();
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
        reader.join(TimeUnit.SECONDS.toMillis(10));
    }

    /** {@code kill -STOP}. */
    void suspend() throws InterruptedException {
        stopped = true;
        signal("STOP");
    }

    /** {@code kill -CONT}. */
    void resume() throws InterruptedException {
        signal("CONT");
        stopped = false;
    }

    private void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(String word) {
        try {
            input.write(word + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(this + " takes no orders", e);
        }
    }

    /** Asks it for its usage, after a collection. */
    Usage usage() throws InterruptedException {
        tell("usage");
        Usage usage = usages.poll(60, TimeUnit.SECONDS);
        if (usage == null) {
            throw new IllegalStateException(this + " does not answer");
        }
        return usage;
    }

    @Override
    public String toString() {
        return role.name().toLowerCase(Locale.ROOT) + " " + life + " (pid " + process.pid() + ")";
    }
}
