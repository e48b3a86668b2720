package io.reactiveipc.benchmarks.jmh;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.agrona.IoUtil;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** One node that writes to itself, in a directory of its own. */
final class Node implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private final IpcNode node;
    private final IpcPublication<byte[]> publication;
    private final IpcSubscription<byte[]> subscription;

    /** @param subscribers that take each message and do nothing with it */
    Node(int subscribers) {
        directory = newDirectory();
        node = IpcNode.builder().directory(directory).build();
        StreamSpec<byte[]> spec = StreamSpec.of("jmh", Codec.bytes());
        publication = node.publish(spec).block(PATIENCE);
        subscription = node.subscribe(spec).block(PATIENCE);
        for (int i = 0; i < subscribers; i++) {
            subscription.receive(Node::look).subscribe();
        }
        publication.awaitSubscribers(subscribers).block(PATIENCE);
    }

    /** In memory where there is such a place. */
    static Path newDirectory() {
        try {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "ripc-jmh-")
                    : Files.createTempDirectory("ripc-jmh-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a word, makes nothing new. */
    private static Boolean look(Message message) {
        return message.buffer().getLong(0) == 0;
    }

    IpcPublication<byte[]> publication() {
        return publication;
    }

    /** Attaches one more, through operators of the caller's. */
    Disposable subscribe(UnaryOperator<Flux<Boolean>> operators, Consumer<Boolean> consumer) {
        int before = publication.subscriberCount();
        Disposable subscriber =
                operators.apply(subscription.receive(Node::look)).subscribe(consumer);
        publication.awaitSubscribers(before + 1).block(PATIENCE);
        return subscriber;
    }

    @Override
    public void close() {
        node.close();
        IoUtil.delete(directory.toFile(), true);
    }
}
