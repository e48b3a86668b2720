package io.reactiveipc.process;

import io.reactiveipc.internal.buffer.NativeCopy;
import io.reactiveipc.spi.Memory;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A JVM of its own that runs a {@link Peer}. Every wait has an end, which shows what the child said last. */
public final class ChildJvm {
    private static final long PATIENCE_SECONDS = 90;
    private static final int KEPT_LINES = 400;
    private static final String QUICK_TO_COMPILE = "-XX:TieredStopAtLevel=1";

    /** For a child whose code is to be optimized as that of a process that stays. */
    static final String FULLY_COMPILED = "-XX:TieredStopAtLevel=4";

    /** Of the control plane, which is not on every class path that this runs on. */
    private static final String SOCKETS = "reactive.ipc.sockets";

    private final String name;
    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<Line> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Line> events = new LinkedBlockingQueue<>();
    private final Deque<String> output = new ArrayDeque<>();

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a child, which is in the same memory mode as this JVM unless told otherwise.
     *
     * @param directory where its node is to be
     * @param memory {@code unsafe} or {@code varhandle}
     * @param prefix what is to start the JVM, as {@code unshare -m}; usually nothing
     * @param flags for the JVM; usually none
     */
    static ChildJvm start(String name, Path directory, String memory, List<String> prefix, List<String> flags)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (memory.equals("unsafe")) {
            command.addAll(List.of(Memory.EXPORT.split(" ")));
            command.add(NativeCopy.FLAG);
        }
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.add(QUICK_TO_COMPILE); // they live for seconds
        command.addAll(flags);
        command.add("-D" + Memory.PROPERTY + "=" + memory);
        command.add("-Dreactive.ipc.directory=" + directory);
        String sockets = System.getProperty(SOCKETS);
        if (sockets != null) {
            command.add("-D" + SOCKETS + "=" + sockets);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Peer.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new ChildJvm(name, process);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                if (line.startsWith(Peer.ANSWER)) {
                    answers.add(Line.parse(line.substring(Peer.ANSWER.length())));
                } else if (line.startsWith(Peer.EVENT)) {
                    events.add(Line.parse(line.substring(Peer.EVENT.length())));
                }
            }
        } catch (IOException e) {
            keep("(" + e + ")");
        }
    }

    private void keep(String line) {
        synchronized (output) {
            if (line.equals(output.peekLast())) { // the answer to a question that is asked again and again
                return;
            }
            output.add(line);
            if (output.size() > KEPT_LINES) {
                output.remove();
            }
        }
    }

    /** Has the child do something, and fails unless it could. */
    public Line ask(String word, Object... values) {
        Line answer = tryAsk(word, values);
        if (!answer.word().equals("ok")) {
            throw failure(Line.of(word, values) + ": " + answer);
        }
        return answer;
    }

    /** The child's answer {@code failed}; anything else fails the test. */
    public Line askInVain(String word, Object... values) {
        Line answer = tryAsk(word, values);
        if (!answer.word().equals("failed")) {
            throw failure(Line.of(word, values) + " should have failed: " + answer);
        }
        return answer;
    }

    Line tryAsk(String word, Object... values) {
        begin(word, values);
        return answer();
    }

    /** Gives a command whose {@link #answer} is taken later. */
    public void begin(String word, Object... values) {
        try {
            commands.write(Line.of(word, values).toString());
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw failure("cannot be told to " + word + ": " + e);
        }
    }

    public Line answer() {
        return next(answers, "an answer");
    }

    /** Asks again and again until the answer is as wanted. */
    public Line askUntil(String word, Predicate<Line> wanted, Object... values) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Line answer = ask(word, values);
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw failure("still answers " + answer);
            }
            LockSupport.parkNanos(1_000_000);
            answer = ask(word, values);
        }
        return answer;
    }

    /** The next event, which has to be this one. */
    public Line await(String word) {
        Line event = next(events, word);
        if (!event.word().equals(word)) {
            throw failure("told " + event + " where " + word + " was due");
        }
        return event;
    }

    /** An event as often as said; others in between are passed over. */
    void awaitAny(String word, int times) {
        for (int seen = 0; seen < times; ) {
            seen += next(events, word).word().equals(word) ? 1 : 0;
        }
    }

    private Line next(BlockingQueue<Line> queue, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (true) {
                Line line = queue.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    return line;
                }
                if (!process.isAlive() && queue.isEmpty()) {
                    throw failure("died with " + process.exitValue() + " before " + what);
                }
                if (System.nanoTime() > end) {
                    throw failure("did not tell " + what + " in " + PATIENCE_SECONDS + " s");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was waited for in vain: interrupted");
        }
    }

    public String name() {
        return name;
    }

    /** Processor time of all its threads since it began. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The file systems as the child sees them. */
    Path root() {
        return Path.of("/proc", Long.toString(process.pid()), "root");
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        reaped();
    }

    /** {@code kill -STOP}; returns when none of its threads runs: the signal reaches each when it is scheduled. */
    public void suspend() {
        signal("STOP");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (isAnyThreadRunning()) {
            if (System.nanoTime() - deadline > 0) {
                throw failure("not stopped in " + PATIENCE_SECONDS + " s");
            }
            LockSupport.parkNanos(200_000);
        }
    }

    private boolean isAnyThreadRunning() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.anyMatch(ChildJvm::isRunning);
        } catch (IOException | UncheckedIOException e) {
            return false; // it has ended
        }
    }

    /** The state stands behind the name, which is in parentheses: stopped, traced, or dead. */
    private static boolean isRunning(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return "TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** {@code kill -CONT}. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw failure("kill -" + signal + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted in kill -" + signal);
        }
    }

    /** Ends it by the end of its input; returns its exit code. */
    public int end() {
        try {
            commands.close();
        } catch (IOException e) {
            // it is gone already
        }
        return reaped();
    }

    /** Its exit code; for one that ends by itself. */
    int reaped() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw failure("does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while it ends");
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(name + " (pid " + process.pid() + ") " + what + "\n" + transcript());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String transcript() {
        synchronized (output) {
            return "--- " + name + " said:\n" + String.join("\n", output);
        }
    }
}
