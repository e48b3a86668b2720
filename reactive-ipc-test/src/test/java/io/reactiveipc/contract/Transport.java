package io.reactiveipc.contract;

import io.reactiveipc.IpcNode;
import io.reactiveipc.test.InMemoryHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** What the nodes of one test share. */
public interface Transport extends AutoCloseable {
    /** Files that stay in a directory when the last node has gone. */
    List<String> LASTING = List.of("nodes.lock", "nodes.tab");

    /** For a node that shares it with the others; the test closes it. */
    IpcNode.Builder node(String name);

    /** After all nodes were closed. Fails if they left anything behind. */
    @Override
    void close();

    /** An in-memory host. */
    static Transport memory() {
        InMemoryHost host = InMemoryHost.create();
        return new Transport() {
            @Override
            public IpcNode.Builder node(String name) {
                return host.builder(name);
            }

            @Override
            public void close() {
                host.close();
                Assertions.assertThat(host.leaks())
                        .filteredOn(leak -> leak.startsWith("node"))
                        .isEmpty();
            }
        };
    }

    /** A directory, with what is on the class path for data and control. */
    static Transport directory() {
        Path directory;
        try {
            directory = Files.createTempDirectory("reactive-ipc-contract-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Transport() {
            @Override
            public IpcNode.Builder node(String name) {
                return IpcNode.builder().name(name).directory(directory);
            }

            @Override
            public void close() {
                List<Path> left = new ArrayList<>();
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        if (!Files.isDirectory(file)
                                && !LASTING.contains(file.getFileName().toString())) {
                            left.add(file);
                        }
                        Files.deleteIfExists(file);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                Assertions.assertThat(left).as("left behind").isEmpty();
            }
        };
    }
}
