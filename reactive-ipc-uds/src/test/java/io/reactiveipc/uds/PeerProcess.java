package io.reactiveipc.uds;

import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.ControlPlane;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A node in a JVM of its own, which holds the lock on a file as long as it lives. */
final class PeerProcess implements AutoCloseable {
    final UUID node;
    private final Process process;
    private final BufferedReader output;

    /** Arguments: directory, kind of socket, node to connect to. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        TestHost host = new TestHost(directory, "child");
        host.heartbeatInterval = Duration.ofMillis(50);
        FileChannel lock = FileChannel.open(
                lockOf(directory, host.node()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        ControlPlane plane = new UdsControlPlaneProvider(arguments[1]).open(host);
        plane.readiness("child's", true, "");
        plane.connect(UUID.fromString(arguments[2]));
        System.out.println(host.node());
        // Until standard input ends: so it does not outlive the test.
        while (System.in.read() >= 0) {}
        plane.close().block();
        lock.close();
    }

    PeerProcess(Path directory, String transport, PeerInfo parent) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PeerProcess.class.getName(),
                        directory.toString(),
                        transport,
                        parent.node().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the child ended at once");
        }
        node = UUID.fromString(line);
    }

    static Path lockOf(Path directory, UUID node) {
        return directory.resolve(node + ".lock");
    }

    /** What the kernel says. */
    static boolean isAlive(Path directory, UUID node) {
        try (FileChannel channel = FileChannel.open(lockOf(directory, node), StandardOpenOption.READ)) {
            return channel.tryLock(0, 1, true) == null;
        } catch (IOException e) {
            return false;
        }
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void askToClose() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        output.close();
    }

    static void removeFiles(Path directory, UUID node) throws IOException {
        Files.deleteIfExists(lockOf(directory, node));
        Files.deleteIfExists(directory.resolve(node + ".sock"));
    }
}
