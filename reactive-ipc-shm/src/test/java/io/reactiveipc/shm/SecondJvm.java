package io.reactiveipc.shm;

import io.reactiveipc.shm.crash.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the class path and the memory mode of this one. It is asked line by line, and can be killed. */
public final class SecondJvm implements AutoCloseable {
    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    private SecondJvm(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        questions = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it and waits until it says READY. */
    public static SecondJvm start(Class<?> main, String... arguments) {
        SecondJvm jvm = new SecondJvm(command(main, arguments));
        jvm.expect("READY");
        return jvm;
    }

    /** Starts one that is halted at a {@link io.reactiveipc.shm.crash.CrashPoint}, by the property's value. */
    public static SecondJvm startMortal(String crash, Class<?> main, String... arguments) {
        List<String> command = command(main, arguments);
        command.add(1, "-D" + CrashPoint.PROPERTY + "=" + crash);
        SecondJvm jvm = new SecondJvm(command);
        jvm.expect("READY");
        return jvm;
    }

    public static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("-Dreactive.ipc.")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Sends a line and returns the next line that comes back. */
    public String ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line whose answer is {@link #next()}. */
    public void begin(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP or SIGCONT. */
    public void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a line that it does not survive; returns its exit code. */
    public int askToDie(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next line of its output. */
    public String next() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("it ended with " + process.waitFor());
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void expect(String line) {
        String found = next();
        if (!found.equals(line)) {
            close();
            throw new IllegalStateException("expected " + line + ", got " + found);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when the kernel has taken everything from it. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
