package io.reactiveipc.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Suspends processes and lets them go on. However this JVM ends, also if it is killed, they are let go: a shell holds them,
 * and does so when its standard input ends.
 */
final class Leash implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            while read signal; do
              if kill -$signal %1$s; then echo done; else echo failed; fi
            done
            kill -CONT %1$s
            """;

    private final Process shell;
    private final BufferedWriter in;
    private final BufferedReader out;

    Leash(List<Long> processes) {
        String ids = processes.stream().map(String::valueOf).collect(Collectors.joining(" "));
        try {
            shell = new ProcessBuilder("sh", "-c", String.format(SCRIPT, ids))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new MeasurementException("no shell to suspend processes with: " + e);
        }
        in = new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8));
        out = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @throws MeasurementException if not all of them are there to be suspended */
    void suspend() {
        send("STOP");
    }

    void resume() {
        send("CONT");
    }

    private void send(String signal) {
        try {
            in.write(signal);
            in.newLine();
            in.flush();
            if (!"done".equals(out.readLine())) {
                throw new MeasurementException("kill -" + signal + " failed: a process has gone");
            }
        } catch (IOException e) {
            throw new MeasurementException("the shell that suspends processes has gone: " + e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
            out.close();
        } catch (IOException e) {
            // it has gone already
        }
    }
}
