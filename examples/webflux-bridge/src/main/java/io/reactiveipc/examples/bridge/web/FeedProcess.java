package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.examples.bridge.Snapshot;
import io.reactiveipc.examples.bridge.WebfluxBridge;
import io.reactiveipc.examples.bridge.feed.Feed;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/** Launches the feed as a second JVM, with the same classes, and again when it has ended; none while there is one anyway. */
@Component
class FeedProcess implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FeedProcess.class);
    private static final long STOP_SECONDS = 3;

    private final BridgeProperties properties;
    private final Path directory;
    private final IpcSubscription<Snapshot> machine;
    private @Nullable Process process;
    private Disposable restart = Disposables.disposed();
    private boolean running;

    FeedProcess(BridgeProperties properties, IpcNode node, IpcSubscription<Snapshot> machine) {
        this.properties = properties;
        this.machine = machine;
        this.directory = node.directory();
    }

    @Override
    public synchronized void start() {
        running = true;
        if (properties.launchFeed()) {
            launch();
        }
    }

    private synchronized void launch() {
        if (!running) {
            return;
        }
        if (machine.publicationCount() > 0) {
            launchLater(); // somebody else has started one
            return;
        }
        try {
            Process started =
                    new ProcessBuilder(command()).redirectErrorStream(true).start();
            process = started;
            LOG.info("launched the feed, pid {}", started.pid());
            follow(started);
            started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot launch the feed", e);
        }
    }

    private synchronized void ended(Process ended) {
        if (running) {
            LOG.warn(
                    "the feed, pid {}, ended with exit code {}; launching another one in {} ms",
                    ended.pid(),
                    ended.exitValue(),
                    properties.restartAfter().toMillis());
            launchLater();
        }
    }

    private void launchLater() {
        restart = Schedulers.boundedElastic()
                .schedule(this::launch, properties.restartAfter().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The JVM that runs this. From the jar, its manifest saves the flags. */
    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-XX:+UseSerialGC");
        command.add("-Dreactive.ipc.directory=" + directory);
        String classPath = System.getProperty("java.class.path");
        if (!classPath.contains(File.pathSeparator) && Files.isRegularFile(Path.of(classPath))) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, WebfluxBridge.class.getName()));
        }
        command.addAll(List.of(WebfluxBridge.FEED, Feed.UNTIL_INPUT_ENDS));
        return command;
    }

    private static void follow(Process process) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                        lines.lines().forEach(line -> LOG.info("feed: {}", line));
                    } catch (IOException | UncheckedIOException e) {
                        // it was ended while it spoke
                    }
                },
                "feed output");
        reader.setDaemon(true);
        reader.start();
    }

    /** The process that was launched here, if it is alive. */
    synchronized OptionalLong pid() {
        return process != null && process.isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
    }

    /**
     * Ends it as a crash does.
     *
     * @return its pid, or nothing if none is alive that was launched here
     */
    synchronized OptionalLong kill() {
        OptionalLong pid = pid();
        if (process != null) {
            process.destroyForcibly();
        }
        return pid;
    }

    @Override
    public void stop() {
        Process last;
        synchronized (this) {
            running = false;
            restart.dispose();
            last = process;
        }
        if (last == null) {
            return;
        }
        last.destroy();
        try {
            if (!last.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                last.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0; // before the web server, and stopped after it
    }
}
