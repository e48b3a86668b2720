package io.reactiveipc.examples.bridge.feed;

import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /proc}. For one thread. */
final class Machine {
    private static final int PROCESSES = 15;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path proc;
    private final long bytesPerPage;
    private final CoreLoad cores = new CoreLoad();
    private final NetworkTraffic network = new NetworkTraffic();
    private final ProcessTable processes = new ProcessTable();
    private long lookedAt = System.nanoTime();
    private long sequence;

    /** Looks once, so that the first snapshot has something to compare with. */
    Machine(Path proc) {
        this.proc = proc;
        this.bytesPerPage = bytesPerPage(proc);
        look(Settings.initial(), new Snapshot.Ring(0, 0, 0));
        sequence = 0;
    }

    Snapshot look(Settings settings, Snapshot.Ring ring) {
        long now = System.nanoTime();
        double seconds = (now - lookedAt) / NANOS_PER_SECOND;
        lookedAt = now;
        try {
            List<ProcessTable.Line> lines = processLines();
            return new Snapshot(
                    sequence++,
                    ProcessHandle.current().pid(),
                    System.currentTimeMillis(),
                    settings,
                    ring,
                    cores.next(Files.readAllLines(proc.resolve("stat"))),
                    MemoryUse.of(Files.readAllLines(proc.resolve("meminfo"))),
                    network.next(Files.readAllLines(proc.resolve("net/dev")), seconds),
                    lines.size(),
                    processes.next(lines, seconds, settings.sort(), PROCESSES, bytesPerPage));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the machine", e);
        }
    }

    private List<ProcessTable.Line> processLines() throws IOException {
        List<ProcessTable.Line> lines = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path directory : directories) {
                try {
                    lines.add(ProcessTable.Line.of(Files.readString(directory.resolve("stat"))));
                } catch (IOException e) {
                    // it has ended meanwhile
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return lines;
    }

    /** The page size, which the JDK does not tell: of what this process's own memory is in pages and in kB. */
    private static long bytesPerPage(Path proc) {
        try {
            long pages = ProcessTable.Line.of(Files.readString(proc.resolve("self/stat")))
                    .residentPages();
            long kib = Files.readAllLines(proc.resolve("self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
            // both move a little between the two reads; page sizes are powers of two
            double ratio = pages == 0 ? 0 : kib * 1024.0 / pages;
            return ratio < 4096 ? 4096 : Long.highestOneBit(Math.round(ratio * 1.25));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "this example reads the machine's state from " + proc + ", which Linux has", e);
        }
    }
}
