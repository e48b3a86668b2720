package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.uds.UdsControlPlaneProvider;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;

/** That {@link BlockedThreads} finds what it is there for: otherwise its silence would say nothing. */
@Timeout(60)
class BlockedThreadsIT {
    private static final StreamSpec<String> STREAM = StreamSpec.of("blocked", Codec.utf8());

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void oneThatSleepsOnAPollLoopIsFound() {
        IpcPublication<String> publication =
                nodes.open("publisher").publish(STREAM).block();
        CompletableFuture<Throwable> caught = new CompletableFuture<>();
        nodes.open("subscriber")
                .subscribe(STREAM)
                .flatMapMany(IpcSubscription::receive)
                .subscribe(message -> caught.complete(sleep()), error -> {});
        publication.awaitSubscribers(1).then(publication.emit("now")).block();

        assertThat(caught.join()).isInstanceOf(BlockingOperationError.class);
        assertThat(BlockedThreads.drain()).hasSize(1);
    }

    @Test
    void oneThatSleepsOnTheEventLoopIsFound() {
        CompletableFuture<Throwable> caught = new CompletableFuture<>();
        IpcNode publisher = nodes.open("publisher");
        IpcPublication<String> publication = publisher.publish(STREAM).block();
        IpcNode subscriber = nodes.open("subscriber", builder -> builder.controlPlane(thatBlocks(caught))
                .heartbeat(Duration.ofMillis(10)));
        subscriber
                .subscribe(STREAM)
                .flatMapMany(IpcSubscription::receive)
                .onErrorComplete()
                .subscribe();
        publication.send(Flux.just("one")).block();

        assertThat(caught.join()).isInstanceOf(BlockingOperationError.class);
        assertThat(BlockedThreads.drain()).hasSize(1);
    }

    /** Asked for the lag of a peer, which is on the event loop, its node sleeps the first time. */
    private static ControlPlaneProvider thatBlocks(CompletableFuture<Throwable> caught) {
        UdsControlPlaneProvider real = new UdsControlPlaneProvider();
        return new ControlPlaneProvider() {
            @Override
            public String name() {
                return "blocking";
            }

            @Override
            public ControlPlane open(ControlPlaneHost host) {
                return real.open((ControlPlaneHost) Proxy.newProxyInstance(
                        ControlPlaneHost.class.getClassLoader(),
                        new Class<?>[] {ControlPlaneHost.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("lagBehind") && !caught.isDone()) {
                                caught.complete(sleep());
                            }
                            return method.invoke(host, arguments);
                        }));
            }
        };
    }

    private static Throwable sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
            return new AssertionError("nobody minds");
        } catch (InterruptedException | BlockingOperationError e) {
            return e;
        }
    }
}
