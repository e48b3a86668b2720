package io.reactiveipc.test;

import static io.reactiveipc.test.Streams.PATIENCE;
import static io.reactiveipc.test.Streams.WORDS;
import static io.reactiveipc.test.Streams.awaitSubscribers;
import static io.reactiveipc.test.Streams.publish;
import static io.reactiveipc.test.Streams.subscribe;
import static io.reactiveipc.test.Streams.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

@Timeout(60)
class InMemoryHostTest {
    private final InMemoryHost host = InMemoryHost.create();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void nodesOfOneHostShareStreamsAndOnesOfTwoHostsDoNot() {
        try (InMemoryHost elsewhere = InMemoryHost.create()) {
            IpcPublication<String> publication = publish(host.node("a"), WORDS);
            List<String> near = new CopyOnWriteArrayList<>();
            List<String> far = new CopyOnWriteArrayList<>();
            subscribe(host.node("b"), WORDS).receive().subscribe(near::add, e -> {});
            subscribe(elsewhere.node("b"), WORDS).receive().subscribe(far::add, e -> {});
            awaitSubscribers(publication, 1);
            publication.send(Flux.just("one", "two")).block(PATIENCE);

            until("both words", () -> near.equals(List.of("one", "two")));
            assertThat(publication.subscriberCount()).isOne();
            assertThat(far).isEmpty();
        }
    }

    @Test
    void nothingOfAHostIsInAnyDirectory() {
        IpcNode node = host.node("a");
        publish(node, WORDS);
        assertThat(node.directory()).doesNotExist();
    }

    @Test
    void twoNodesOfOneNameAreRefusedUntilTheFirstIsClosed() {
        IpcNode first = host.node("a");
        assertThatThrownBy(() -> host.node("a"))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
                .hasMessageContaining("\"a\"");
        first.close();
        host.node("a");
    }

    @Test
    void aStreamOfAnotherTypeOrCapacityIsRefusedAsInADirectory() {
        publish(host.node("a"), WORDS);
        IpcNode other = host.node("b");
        StreamSpec<byte[]> bytes = StreamSpec.of("words", Codec.bytes());
        for (StreamSpec<?> unfit : List.of(bytes, WORDS.capacity(128 * 1024))) {
            assertThatThrownBy(() -> subscribe(other, unfit))
                    .isInstanceOfSatisfying(
                            IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_STREAM));
            assertThatThrownBy(() -> publish(other, unfit)).isInstanceOf(IpcException.class);
        }
    }

    @Test
    void aNodeThatWasNotClosedIsNamedAsALeak() {
        IpcNode forgotten = host.builder("forgotten").build();
        host.close();
        assertThat(host.leaks()).singleElement().asString().contains("\"forgotten\"", "close it");
        forgotten.close();
        assertThat(host.leaks()).isEmpty();
    }

    @Test
    void leasesThatWereNotReleasedWhenTheirNodeWasClosedAreNamedAsALeak() {
        IpcPublication<String> publication = publish(host.node("a"), WORDS);
        List<Message> leases = new CopyOnWriteArrayList<>();
        subscribe(host.node("b"), WORDS).leases().subscribe(leases::add, e -> {});
        awaitSubscribers(publication, 1);
        publication.send(Flux.just("one", "two")).block(PATIENCE);
        until("both leases", () -> leases.size() == 2);
        leases.get(0).release();
        host.close();
        assertThat(host.leaks())
                .singleElement()
                .asString()
                .contains("leases", "stream \"words\"", "node \"b\"", "release()");
        leases.forEach(Message::release);
    }

    @Test
    void consumersThatDelegateDelegateAll() throws Exception {
        for (Class<?> type : List.of(io.reactiveipc.test.internal.DelegatingConsumer.class, MemoryProducer.class)) {
            for (Class<?> spi : type.getInterfaces()) {
                assertThat(Arrays.stream(spi.getMethods())
                                .filter(method -> !java.lang.reflect.Modifier.isStatic(method.getModifiers())))
                        .allSatisfy(method -> assertThat(type.getMethod(method.getName(), method.getParameterTypes())
                                        .getDeclaringClass())
                                .as("%s of %s", method.getName(), type.getSimpleName())
                                .isEqualTo(type));
            }
        }
    }
}
