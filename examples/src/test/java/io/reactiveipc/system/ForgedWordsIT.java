package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.PeerLog;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameEncoder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A program of our user that speaks in another's name: words are told as events, but what a node holds is freed by proof only. */
@Timeout(60)
class ForgedWordsIT {
    private static final String TYPE = Codec.bytes().typeId();

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void aForgedGoodbyeTakesNothingFromTheLiving() throws Exception {
        IpcNode publisher = nodes.open("publisher");
        UUID self = nodeOfOnlySocket();
        IpcPublication<byte[]> publication = Objects.requireNonNull(publisher
                .publish(StreamSpec.of("forged", Codec.bytes()).capacity(64 * 1024))
                .block());
        PeerLog log = PeerLog.of(publisher.events());
        ChildJvm subscriber = nodes.files().start("subscriber");
        subscriber.ask("subscribe", "stream", "forged", "type", TYPE);
        subscriber.ask("receive", "demand", 0);
        log.await("Connected:subscriber", 1);
        PeerInfo victim =
                Objects.requireNonNull(publisher.events().map(PeerEvent::peer).blockFirst());

        say(self, new Frame.Hello(1, 0, self, victim), new Frame.Goodbye("forged"));
        log.await("Left:subscriber(forged)", 1);

        // A slot that was freed would not hold the publisher back.
        assertThat(publication.subscriberCount()).isEqualTo(1);
        while (publication.tryEmit(new byte[1000]) != Sinks.EmitResult.FAIL_OVERFLOW) {
            Thread.onSpinWait();
        }
        var waiting = publication.emit(new byte[1000]).toFuture();
        assertThat(publication.subscriberCount()).isEqualTo(1);
        assertThat(waiting).isNotDone();

        // And its death is noticed all the same, by its lock.
        subscriber.kill();
        waiting.join();
        publication.send(Flux.range(0, 1_000).map(i -> new byte[1000])).block();
        assertThat(log.changes())
                .containsOnlyOnce("Left:subscriber(forged)")
                .noneMatch(word -> word.startsWith("Crashed"));
    }

    private UUID nodeOfOnlySocket() throws IOException {
        try (Stream<Path> files = Files.list(nodes.directory().resolve("ctl"))) {
            String name = files.map(path -> path.getFileName().toString())
                    .filter(file -> file.endsWith(".sock"))
                    .findAny()
                    .orElseThrow();
            return UUID.fromString(name.substring(0, name.length() - ".sock".length()));
        }
    }

    /** Says it to a node, and listens until that closes. */
    private void say(UUID node, Frame... frames) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        for (Frame frame : frames) {
            FrameEncoder.write(frame, bytes);
        }
        Path socket = nodes.directory().resolve("ctl").resolve(node + ".sock");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(bytes.nioBuffer());
            ByteBuffer answer = ByteBuffer.allocate(65_536);
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
        }
    }
}
