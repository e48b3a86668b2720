package io.reactiveipc.test.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A class's {@code main} in a JVM of its own, with the class path of the test. What it prints is kept as lines, to be waited for;
 * it can be typed to, stopped, killed and asked to end.
 *
 * <pre>{@code
 * try (SecondJvm sender = SecondJvm.of(Sender.class).directory(directory).start()) {
 *     sender.awaitLine("ready");
 *     sender.kill();
 *     …
 * }
 * }</pre>
 *
 * <p>Every wait is bounded, by a minute unless {@link SecondJvmBuilder#patience} says otherwise; what comes too late, or not at all, is an
 * {@link AssertionError} with all that the process printed. Any thread may call any method.
 */
public final class SecondJvm implements AutoCloseable {
    private static final long STOP_PAUSE_NANOS = 200_000;

    private static final long POLL_MILLIS = 100;

    private final String name;
    private final Process process;
    private final Duration patience;
    private final PrintStream keyboard;
    private final List<String> lines = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final List<Thread> readers;

    SecondJvm(String name, Process process, Duration patience) {
        this.name = name;
        this.process = process;
        this.patience = patience;
        this.keyboard = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.readers = List.of(collect(process.getInputStream(), lines), collect(process.getErrorStream(), errors));
    }

    /** Starts the class's {@code main} with the arguments. */
    public static SecondJvm start(Class<?> main, String... arguments) {
        return of(main).arguments(arguments).start();
    }

    /** For more options than arguments. Takes this JVM's memory access and properties {@code reactive.ipc.*} along. */
    public static SecondJvmBuilder of(Class<?> main) {
        return SecondJvmBuilder.ofMain(main);
    }

    private Thread collect(InputStream stream, List<String> into) {
        Thread thread = new Thread(() -> read(stream, into), "output of " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void read(InputStream stream, List<String> into) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    into.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // closed, and what it prints is wanted no more
        }
    }

    // ---- its output -------------------------------------------------------------------------------------------------

    /**
     * The first line of its standard output that contains the text, once it is there.
     *
     * @throws AssertionError if it does not come in time, or the process has ended without it
     */
    public String awaitLine(String text) throws InterruptedException {
        return awaitLine("a line with \"" + text + "\"", line -> line.contains(text));
    }

    /**
     * The first line of its standard output that fits, once it is there.
     *
     * @param what is waited for, for the message
     * @throws AssertionError if it does not come in time, or the process has ended without it
     */
    public String awaitLine(String what, Predicate<String> fits) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            boolean over = isOver(); // before the look: what it printed last is there then
            synchronized (lines) {
                for (String line : lines) {
                    if (fits.test(line)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (over || left <= 0) {
                    throw new AssertionError((over ? "it ended without " : "not within " + patience + ": ") + what
                            + "; " + transcript());
                }
                lines.wait(Math.min(left, POLL_MILLIS));
            }
        }
    }

    private boolean isOver() {
        return !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
    }

    /** What it has printed to standard output so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** What it has printed to standard error so far. */
    public List<String> errorLines() {
        synchronized (lines) {
            return List.copyOf(errors);
        }
    }

    /** All that is known of it, for a message. */
    public String transcript() {
        return name + " (pid " + pid() + (process.isAlive() ? ", alive" : ", ended with " + process.exitValue())
                + ") printed " + lines() + ", errors " + errorLines();
    }

    // ---- its input --------------------------------------------------------------------------------------------------

    /** Types a line. */
    public void type(String line) {
        keyboard.println(line);
    }

    /** Types text without an end of line. */
    public void typeText(String text) {
        keyboard.print(text);
        keyboard.flush();
    }

    /** Ends its standard input. */
    public void endInput() {
        keyboard.close();
    }

    // ---- its life ---------------------------------------------------------------------------------------------------

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** The process, to ask the system about. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Stops it as SIGSTOP does: it does nothing until {@link #resume()}, and cannot prevent it. On Linux this returns when the
     * last of its threads has stopped; the signal alone leaves each to the next time that it is scheduled.
     *
     * @throws IllegalStateException where there is no {@code kill} command, or the process has ended
     * @throws AssertionError if a thread has not stopped in time
     */
    public void stop() {
        signal("STOP");
        awaitStopped(Path.of("/proc", Long.toString(pid()), "task"));
    }

    private void awaitStopped(Path threads) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isAnyRunning(threads)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not stopped within " + patience + ": " + transcript());
            }
            LockSupport.parkNanos(STOP_PAUSE_NANOS);
        }
    }

    /** What ends meanwhile, or is not told by this system, does not run. */
    private static boolean isAnyRunning(Path threads) {
        try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
            for (Path thread : each) {
                if (isRunning(thread)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    /** Its state stands behind its name, which is in parentheses and may have some: stopped, traced, or dead. */
    private static boolean isRunning(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return "TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Has it go on after {@link #stop()}, as SIGCONT does.
     *
     * @throws IllegalStateException where there is no {@code kill} command, or the process has ended
     */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + signal + " failed: " + said.strip() + "; " + transcript());
            }
        } catch (IOException e) {
            throw new IllegalStateException("no kill command to send SIG" + signal + " with", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while SIG" + signal + " was sent", e);
        }
    }

    /** Kills it, as SIGKILL does, and returns when the system has taken everything from it and all that it had printed is here. */
    public void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // the process itself would close its pipes, and lose what is in them
        awaitExit();
    }

    /** Asks it to end, as SIGTERM and Ctrl+C do; {@link #awaitExit()} tells when it has. */
    public void askToEnd() {
        process.toHandle().destroy();
    }

    /**
     * Waits for its end, and for all that it has printed.
     *
     * @return its exit code
     * @throws AssertionError if it does not end in time
     */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not ended within " + patience + ": " + transcript());
        }
        for (Thread reader : readers) {
            reader.join(patience.toMillis());
        }
        return process.exitValue();
    }

    /**
     * Waits for its end, and for all that it has printed.
     *
     * @throws AssertionError if it does not end in time, or with another exit code
     */
    public void expectExit(int code) throws InterruptedException {
        if (awaitExit() != code) {
            throw new AssertionError("ended otherwise than with " + code + ": " + transcript());
        }
    }

    /** Kills it and all processes that it has started, if it has not ended. Waits for some seconds at most. */
    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "SecondJvm(" + name + ", pid " + pid() + ")";
    }
}
