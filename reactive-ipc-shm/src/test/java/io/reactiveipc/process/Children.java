package io.reactiveipc.process;

import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test's directory and child JVMs. After the test no child is left; the directory is removed, or kept and named with what
 * the children said if the test failed.
 */
public final class Children implements BeforeEachCallback, AfterEachCallback {
    /** What stays in a directory when the last node has gone. */
    static final List<String> LASTING = List.of("nodes.lock", "nodes.tab", "topics", "signals", "ctl");

    private final List<String> flags;
    private final List<ChildJvm> children = new ArrayList<>();
    private Path directory = Path.of("");
    private boolean kept;

    /** Children that are compiled quickly, as befits a life of seconds. */
    public Children() {
        this(List.of());
    }

    private Children(List<String> flags) {
        this.flags = flags;
    }

    /** Children that are compiled as processes are that stay. */
    static Children fullyCompiled() {
        return new Children(List.of(ChildJvm.FULLY_COMPILED));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory(
                "reactive-ipc-it-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        children.forEach(ChildJvm::kill);
        if (kept || context.getExecutionException().isPresent()) {
            System.out.println("kept for a look: " + directory);
            children.forEach(child -> System.out.println(child.transcript()));
        } else {
            for (String file : files()) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.delete(directory);
        }
        children.clear();
    }

    /** Has the directory stay, as after a test that failed. */
    void keep() {
        kept = true;
    }

    /** Where the rings are. */
    public Path directory() {
        return directory;
    }

    /** A child that has its node open, under the child's name. */
    public ChildJvm start(String name) {
        return open(launch(name));
    }

    /** Several at once, which saves time. */
    public List<ChildJvm> start(String... names) {
        List<ChildJvm> started = Stream.of(names).map(this::launch).toList();
        started.forEach(child -> open(child));
        return started;
    }

    /** Has a child that was launched open its node, with {@link Peer}'s options if any. */
    public static ChildJvm open(ChildJvm child, Object... options) {
        child.await("ready");
        List<Object> all = new ArrayList<>(List.of("name", child.name()));
        all.addAll(List.of(options));
        child.ask("open", all.toArray());
        return child;
    }

    /** A child that was not told anything yet. */
    public ChildJvm launch(String name) {
        return launch(name, directory, Memory.mode(), List.of());
    }

    /** A child that something else starts, as {@code unshare}. */
    public ChildJvm launch(String name, List<String> prefix) {
        return launch(name, directory, Memory.mode(), prefix);
    }

    /** The same in another directory. */
    public ChildJvm launch(String name, Path elsewhere, List<String> prefix) {
        return launch(name, elsewhere, Memory.mode(), prefix);
    }

    ChildJvm launch(String name, Path directory, String memory, List<String> prefix, String... flags) {
        try {
            List<String> all = new ArrayList<>(this.flags);
            all.addAll(List.of(flags));
            ChildJvm child = ChildJvm.start(name, directory, memory, prefix, all);
            children.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is in the directory but for what stays there when the last node has gone. */
    public List<String> leftovers() {
        return files().stream().filter(name -> !LASTING.contains(name)).toList();
    }

    /** The files and directories in the test's directory, by their relative names. */
    public List<String> files() {
        return files(directory);
    }

    /** The same of any directory. */
    static List<String> files(Path directory) {
        List<String> files = new ArrayList<>();
        walk(directory, path -> files.add(directory.relativize(path).toString()));
        return files;
    }

    private static void walk(Path directory, Consumer<Path> visitor) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    visitor.accept(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException gone) {
                    if (!visited.equals(directory)) {
                        visitor.accept(visited);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only ring of a stream. */
    Path ring(String stream) {
        List<Path> rings = RootDirectory.open(directory).stream(stream).rings();
        if (rings.size() != 1) {
            throw new AssertionError("rings of " + stream + ": " + rings);
        }
        return rings.get(0);
    }

    Path topic(String stream) {
        return RootDirectory.open(directory).stream(stream).path();
    }
}
