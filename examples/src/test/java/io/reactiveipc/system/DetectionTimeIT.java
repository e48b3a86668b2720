package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Sinks;

/**
 * How soon the others notice {@code kill -9}. On an idle machine each figure is to be under 100 ms; a test run is seldom
 * idle, so the figures are printed and not judged.
 */
@Timeout(180)
class DetectionTimeIT {
    private static final int KILLS = 20;

    /** Children that are started together, and wait for their turn in silence. */
    private static final int BATCH = 5;

    private static final byte[] MESSAGE = new byte[1000];
    private static final String TYPE = Codec.bytes().typeId();

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private final double[] crashed = new double[KILLS];
    private final double[] unblocked = new double[KILLS];
    private final double[] lost = new double[KILLS];

    @Test
    void aKilledPeerIsNoticedByEverybodyWhoHasToDoWithIt() {
        IpcNode node = nodes.open("survivor");
        IpcPublication<byte[]> publication = Objects.requireNonNull(
                node.publish(stream("blocked").capacity(64 * 1024)).block());
        for (int batch = 0; batch < KILLS; batch += BATCH) {
            ChildJvm[] children = IntStream.range(batch, batch + BATCH)
                    .mapToObj(round -> nodes.files().launch("mortal " + round))
                    .toArray(ChildJvm[]::new);
            Arrays.stream(children).forEach(child -> Children.open(child));
            for (int i = 0; i < BATCH; i++) {
                kill(children[i], batch + i, node, publication);
            }
        }
        print("Crashed was told", crashed);
        print("a publisher that the dead had blocked went on", unblocked);
        print("a subscriber lost its dead publisher", lost);
        assertThat(crashed).doesNotContain(0);
    }

    @Test
    void whoWaitsForTheDeadIsWokenAndDoesNotSleepOn() {
        IpcNode node = nodes.open(
                "survivor",
                builder -> builder.waitStrategy((passes, sleeper) -> sleeper.sleep(TimeUnit.HOURS.toNanos(1))));
        IpcPublication<byte[]> publication = Objects.requireNonNull(
                node.publish(stream("blocked").capacity(64 * 1024)).block());

        kill(nodes.files().start("mortal 0"), 0, node, publication);
    }

    private void kill(ChildJvm child, int round, IpcNode node, IpcPublication<byte[]> publication) {
        child.ask("publish", "stream", "lost " + round, "type", TYPE);
        child.ask("subscribe", "stream", "blocked", "type", TYPE);
        child.ask("receive", "demand", 0);
        CompletableFuture<Long> toldConnected = new CompletableFuture<>();
        CompletableFuture<Long> toldCrashed = new CompletableFuture<>();
        CompletableFuture<Long> toldLost = new CompletableFuture<>();
        node.events().filter(event -> event.peer().name().equals(child.name())).subscribe(event -> {
            if (event instanceof PeerEvent.Connected) {
                toldConnected.complete(System.nanoTime());
            } else if (event instanceof PeerEvent.Crashed) {
                toldCrashed.complete(System.nanoTime());
            }
        });
        IpcSubscription<byte[]> subscription =
                Objects.requireNonNull(node.subscribe(stream("lost " + round)).block());
        subscription.receive().subscribe(bytes -> {}, error -> {
            if (error instanceof PublisherLostException) {
                toldLost.complete(System.nanoTime());
            } else {
                toldLost.completeExceptionally(error);
            }
        });
        toldConnected.join();
        child.askUntil("sender", line -> line.number("subscribers") == 1);
        while (publication.tryEmit(MESSAGE) != Sinks.EmitResult.FAIL_OVERFLOW) {
            Thread.onSpinWait();
        }
        CompletableFuture<Long> goesOn = publication.emit(MESSAGE).toFuture().thenApply(done -> System.nanoTime());

        long killed = System.nanoTime();
        child.kill();

        crashed[round] = millis(toldCrashed.join() - killed);
        unblocked[round] = millis(goesOn.join() - killed);
        lost[round] = millis(toldLost.join() - killed);
        subscription.dispose();
    }

    private static StreamSpec<byte[]> stream(String name) {
        return StreamSpec.of(name, Codec.bytes());
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void print(String what, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%s after %.1f ms (median of %d kills; %.1f to %.1f ms)%n",
                what, sorted[KILLS / 2], KILLS, sorted[0], sorted[KILLS - 1]);
    }
}
