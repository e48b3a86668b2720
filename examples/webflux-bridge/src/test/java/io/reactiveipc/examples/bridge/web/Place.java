package io.reactiveipc.examples.bridge.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Where a test takes place: a directory for the rings, and the applications and feeds in it, which all have ended after the
 * test. After a test that went well, no file is left but those that stay.
 */
final class Place implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Set<String> LASTING = Set.of("nodes.lock", "nodes.tab", "topics", "signals", "ctl");

    private final List<Process> feeds = new ArrayList<>();
    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();
    private final boolean shared;
    private Path directory = Path.of("");

    private Place(boolean shared) {
        this.shared = shared;
    }

    /** For each test another one. */
    static Place forEach() {
        return new Place(false);
    }

    /** One for all tests of a class. */
    static Place shared() {
        return new Place(true);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        open();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!shared) {
            open();
        }
    }

    private void open() throws IOException {
        directory = Files.createTempDirectory("reactive-ipc-bridge-");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        close(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (!shared) {
            close(context);
        }
    }

    private void close(ExtensionContext context) throws Exception {
        applications.forEach(ConfigurableApplicationContext::close);
        applications.clear();
        for (Process feed : feeds) {
            feed.destroy();
            if (!feed.waitFor(20, TimeUnit.SECONDS)) {
                feed.destroyForcibly().waitFor();
            }
        }
        feeds.clear();
        if (context.getExecutionException().isPresent()) {
            System.out.println("kept for a look: " + directory + " with " + leftovers());
            return;
        }
        List<String> left = leftovers();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind: " + left);
        }
    }

    Path directory() {
        return directory;
    }

    /** What is in the directory but for what stays there when the last node has gone. */
    List<String> leftovers() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory))
                    .map(file -> directory.relativize(file).toString())
                    .filter(name -> !LASTING.contains(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The application, on a port of its own, without a feed. */
    Bridge application(String... options) {
        List<String> words = new ArrayList<>(List.of(options));
        Stream.of(
                        "--server.port=0",
                        "--logging.level.root=warn",
                        "--bridge.launch-feed=false",
                        "--reactive-ipc.directory=" + directory)
                .filter(word -> words.stream().noneMatch(given -> name(given).equals(name(word))))
                .toList()
                .forEach(words::add);
        SpringApplication application = new SpringApplication(BridgeApplication.class);
        application.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context = application.run(words.toArray(String[]::new));
        applications.add(context);
        return new Bridge(context);
    }

    private static String name(String option) {
        return option.substring(0, option.indexOf('='));
    }

    /** A feed in a JVM of its own. */
    Process feed() throws IOException {
        Process feed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dreactive.ipc.directory=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.reactiveipc.examples.bridge.WebfluxBridge",
                        "feed")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        feeds.add(feed);
        return feed;
    }
}
