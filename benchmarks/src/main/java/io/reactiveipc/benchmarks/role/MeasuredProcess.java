package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.peer.Peers;
import io.reactiveipc.benchmarks.peer.Setup;
import io.reactiveipc.benchmarks.peer.Stop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The main program of a measured process. Opens its ends, says {@code @ready}, then takes a command per line: {@code usage},
 * {@code stop}, or one of its role. Ends when its standard input does. Any failure is said as {@code @failed}.
 */
public final class MeasuredProcess {
    private static final int FAILED = 1;
    private static final long PATIENCE_MILLIS = 5_000;

    private MeasuredProcess() {}

    public static void main(String[] args) {
        Parent parent = new Parent(System.out);
        System.setOut(System.err);
        Stop stop = new Stop();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (!stop.isSet()) {
                fail(parent, failure);
            }
        });
        Assignment assignment = Assignment.of(args);
        Role role = assignment.role(parent);
        Thread commands = new Thread(() -> obey(parent, role, stop), "commands");
        commands.setDaemon(true);
        commands.start();
        List<Endpoint> ends = open(assignment);
        role.attach(ends);
        ends.forEach(Endpoint::join);
        parent.tell("ready", "");
        drive(ends, stop);
        ends.forEach(Endpoint::close);
        System.exit(0);
    }

    private static void fail(Parent parent, Throwable failure) {
        failure.printStackTrace();
        parent.tell("failed", failure.toString().replace('\n', ' '));
        Runtime.getRuntime().halt(FAILED);
    }

    private static List<Endpoint> open(Assignment assignment) {
        Peer peer = Peers.named(assignment.peer());
        List<Endpoint> ends = new ArrayList<>();
        for (Setup setup : assignment.setups()) {
            ends.add(peer.open(setup));
        }
        return ends;
    }

    private static void drive(List<Endpoint> ends, Stop stop) {
        for (Endpoint end : ends.subList(1, ends.size())) {
            new Thread(() -> end.drive(stop), "driver").start();
        }
        ends.get(0).drive(stop);
    }

    private static void obey(Parent parent, Role role, Stop stop) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            String line;
            while ((line = in.readLine()) != null && !line.equals("stop")) {
                if (line.equals("usage")) {
                    parent.tell("usage", Usage.now().words());
                } else {
                    String[] words = line.split(" ");
                    role.command(words[0], words);
                }
            }
        } catch (IOException e) {
            fail(parent, e);
        }
        stop.set();
        haltUnlessGone();
    }

    /** An end that cannot close, or was never joined, must not outlive the measurement. */
    private static void haltUnlessGone() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(FAILED);
    }
}
