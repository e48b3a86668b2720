package io.reactiveipc.test.junit;

import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.shm.ShmDataPlaneProvider;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.test.internal.Leaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/** A test's own directory of rings, in memory where the system has that. */
final class NodeDirectory {
    private static final Logger LOG = Loggers.getLogger(NodeDirectory.class);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** What stays in a directory when the last node has gone. */
    private static final List<String> LASTING = List.of("nodes.lock", "nodes.tab");

    private final Path path;
    private final List<String> leases = new CopyOnWriteArrayList<>();

    private NodeDirectory(Path path) {
        this.path = path;
    }

    static NodeDirectory create() {
        try {
            String prefix = "reactive-ipc-test-";
            boolean inMemory = Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
            return new NodeDirectory(
                    inMemory ? Files.createTempDirectory(SHARED_MEMORY, prefix) : Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    IpcNode.Builder builder(String name) {
        return IpcNode.builder()
                .name(name)
                .directory(path)
                .dataPlane(new WatchedDataPlanes(new ShmDataPlaneProvider(), leases));
    }

    /** What is left of nodes that should have been closed, after clearing away what dead processes left. */
    List<String> leaks() {
        List<String> leaks = new ArrayList<>(leases);
        if (Files.exists(path.resolve("nodes.tab"))) {
            NodeTable nodes = NodeTable.open(RootDirectory.open(path));
            nodes.reaper().sweep();
            for (int row = 0; row < NodeLayout.ROW_COUNT; row++) {
                if (nodes.alive(row, nodes.uuid(row))) {
                    leaks.add(Leaks.node(nodes.describe(row)) + "; if it is another process's, end that");
                }
            }
        }
        files().forEach(file -> leaks.add(described(file)));
        return leaks;
    }

    private String described(Path file) {
        String stream = streamOf(file);
        return (stream == null ? "file: " : "ring of stream \"" + stream + "\": ") + path.relativize(file)
                + " is left; close the node that made it, or end its process";
    }

    private static @Nullable String streamOf(Path file) {
        try {
            RingHeader header = file.toString().endsWith(".ring") ? RingFile.headerOf(file) : null;
            return header == null ? null : header.name();
        } catch (IpcException e) {
            return null; // whatever it is, it is left
        }
    }

    /** All but those that last. */
    private List<Path> files() {
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(file -> !Files.isDirectory(file))
                    .filter(file -> !LASTING.contains(path.relativize(file).toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only where no node lives: nobody counts on the lock file any more. */
    void remove() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}; remove it by hand", path, e.toString());
        }
    }
}
