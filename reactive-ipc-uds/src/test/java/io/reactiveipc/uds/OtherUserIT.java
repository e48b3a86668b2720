package io.reactiveipc.uds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameDecoder;
import io.reactiveipc.uds.protocol.FrameEncoder;
import io.reactiveipc.uds.protocol.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of another user at the sockets of ours: what keeps them out, and what if that is left open. */
@Timeout(60)
class OtherUserIT {
    private static final String USER = "65534";
    private static final List<String> AS_USER =
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");

    @TempDir
    Path directory;

    private Path sockets;
    private Path program;
    private TestHost host;
    private final List<Process> strangers = new ArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && succeeds("true"),
                "only root with setpriv (util-linux) can run a process as another user");
        open(directory);
        program = Files.createDirectories(directory.resolve("program/io/reactiveipc/uds"));
        for (Path part = program; !part.equals(directory); part = part.getParent()) {
            open(part);
        }
        Path copy = program.resolve("Stranger.class");
        try (InputStream code = Stranger.class.getResourceAsStream("Stranger.class")) {
            Files.write(copy, code.readAllBytes());
        }
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        sockets = directory.resolve("ctl");
        host = new TestHost(sockets, "host");
    }

    @AfterEach
    void endStrangers() {
        strangers.forEach(Process::destroyForcibly);
    }

    private static void open(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            List<String> all = new ArrayList<>(AS_USER);
            all.addAll(List.of(command));
            return new ProcessBuilder(all).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private BufferedReader stranger(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(AS_USER);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", directory.resolve("program").toString(), Stranger.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        strangers.add(process);
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private String hello() {
        PeerInfo stranger = new PeerInfo(UUID.randomUUID(), "stranger", 1, Instant.EPOCH);
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder.write(new Frame.Hello(1, 0, host.node(), stranger), bytes);
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array);
        return HexFormat.of().formatHex(array);
    }

    private static List<Frame> frames(String line) throws Exception {
        assertThat(line).startsWith("read: ");
        List<Frame> frames = new ArrayList<>();
        new FrameDecoder()
                .feed(Unpooled.wrappedBuffer(HexFormat.of().parseHex(line.substring("read: ".length()))), frames::add);
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void theDirectoryKeepsThemOut(String transport) throws Exception {
        ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
        Path socket = sockets.resolve(host.node() + ".sock");
        // Not for want of this: whoever gets there may write to it.
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(stranger("call", socket.toString(), hello()).readLine()).contains("Permission denied");

        plane.close().block();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whoGetsThroughIsRefusedByTheUserThatTheKernelNames(String transport) throws Exception {
        ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
        Path socket = sockets.resolve(host.node() + ".sock");
        open(sockets);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (EventLog events = new EventLog(plane.events())) {
            String answer = stranger("call", socket.toString(), hello()).readLine();

            assertThat(frames(answer)).singleElement().isInstanceOfSatisfying(Frame.Refused.class, refused -> {
                assertThat(refused.code()).isEqualTo(Refusal.UID);
                assertThat(refused.text()).contains("run both as one user");
            });
            try (RawPeer friend = RawPeer.greeted(sockets, host.node())) {
                events.await(PeerEvent.Connected.class, event -> event.peer().equals(friend.self));
            }
            assertThat(events.all(PeerEvent.Connected.class)).hasSize(1);
        } finally {
            plane.close().block();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aSocketOfTheirsInAPeersPlaceIsNotSpokenTo(String transport) throws Exception {
        ControlPlane plane = new UdsControlPlaneProvider(transport).open(host);
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
        UUID peer = UUID.randomUUID();
        try (EventLog events = new EventLog(plane.events())) {
            BufferedReader stranger =
                    stranger("answer", sockets.resolve(peer + ".sock").toString());
            assertThat(stranger.readLine()).isEqualTo("listening");

            plane.connect(peer);

            assertThat(stranger.readLine()).isEqualTo("read: ");
            assertThat(events.all()).isEmpty();
        } finally {
            plane.close().block();
        }
    }
}
