package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import io.reactiveipc.process.PeerLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever comes first, and whoever comes back: a publisher that sends once it is told that its subscriber is ready reaches
 * it, and when all have gone, no file is left.
 */
@Timeout(180)
class StartOrderIT {
    private static final int CLOSED_ROUNDS = 180;
    private static final int ROUNDS_TO_WARM_UP = 6;
    private static final int KILLED_ROUNDS = 20;
    private static final Object[] STREAM = {"stream", "order"};

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private final StreamSpec<String> stream = StreamSpec.of("order", Codec.utf8());
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private long slowest;
    private String slowestRound = "";

    @Test
    void nodesMeetInEveryOrderAndAfterEitherWasClosedAndCameBack() throws Exception {
        for (int round = 0; round < CLOSED_ROUNDS; round++) {
            switch (round % 6) {
                case 0 -> publisherFirst("publisher first " + round);
                case 1 -> subscriberFirst("subscriber first " + round);
                case 2 -> bothAtOnce("both at once " + round);
                case 3 -> publisherComesBack("publisher comes back " + round);
                case 4 -> subscriberComesBack("subscriber comes back " + round);
                default -> bothComeBack("both come back " + round);
            }
            if (round < ROUNDS_TO_WARM_UP) {
                slowest = 0;
            }
            nodes.closeAll();
            assertThat(nodes.files().leftovers()).as("after round " + round).isEmpty();
        }
        printSlowest(CLOSED_ROUNDS + " rounds of nodes in one process");
    }

    private void publisherFirst(String round) throws Exception {
        long start = System.nanoTime();
        IpcPublication<String> publication = publish();
        subscribe();
        converge(round, publication, start);
    }

    private void subscriberFirst(String round) throws Exception {
        long start = System.nanoTime();
        subscribe();
        converge(round, publish(), start);
    }

    private void bothAtOnce(String round) throws Exception {
        long start = System.nanoTime();
        CompletableFuture<IpcNode> subscriber = CompletableFuture.supplyAsync(this::subscribe);
        IpcPublication<String> publication = publish();
        subscriber.get();
        converge(round, publication, start);
    }

    private void publisherComesBack(String round) throws Exception {
        long start = System.nanoTime();
        subscribe();
        IpcNode first = nodes.open("publisher");
        converge(round, publish(first), start);
        first.close();
        start = System.nanoTime();
        converge(round, publish(), start);
    }

    private void subscriberComesBack(String round) throws Exception {
        long start = System.nanoTime();
        IpcPublication<String> publication = publish();
        IpcNode first = subscribe();
        converge(round, publication, start);
        PeerLog events = PeerLog.of(publication.events());
        events.await("Ready:subscriber/order", 1);
        start = System.nanoTime();
        first.close();
        events.await("Left:subscriber(closed)", 1);
        subscribe();
        converge(round, publication, start);
    }

    private void bothComeBack(String round) throws Exception {
        long start = System.nanoTime();
        IpcNode publisher = nodes.open("publisher");
        IpcPublication<String> publication = publish(publisher);
        IpcNode subscriber = subscribe();
        converge(round, publication, start);
        CompletableFuture<Void> left = CompletableFuture.runAsync(subscriber::close);
        publisher.close();
        left.get();
        subscriberFirst(round);
    }

    private IpcPublication<String> publish() {
        return publish(nodes.open("publisher"));
    }

    private IpcPublication<String> publish(IpcNode node) {
        return node.publish(stream).block();
    }

    private IpcNode subscribe() {
        IpcNode node = nodes.open("subscriber");
        node.subscribe(stream)
                .flatMapMany(IpcSubscription::receive)
                .repeat()
                .onErrorComplete()
                .subscribe(received::add);
        return node;
    }

    private void converge(String round, IpcPublication<String> publication, long start) throws Exception {
        publication.events().ofType(PeerEvent.Ready.class).blockFirst();
        publication.emit(round).block();
        String message = received.poll(30, TimeUnit.SECONDS);
        assertThat(message).isEqualTo(round);
        note(round, System.nanoTime() - start);
    }

    @Test
    void aSubscriberIsReachedByEachSuccessorOfAKilledPublisher() {
        Children children = nodes.files();
        ChildJvm survivor = children.start("survivor");
        survivor.ask("subscribe", with("successor", true));
        survivor.ask("receive");
        Watched events = Watched.of(survivor, "node");
        Deque<ChildJvm> spares = spares();
        for (int life = 1; life <= KILLED_ROUNDS / 2; life++) {
            ChildJvm publisher = next(spares, life);
            Children.open(publisher);
            long start = System.nanoTime();
            publisher.ask("publish", with("seed", life));
            Watched.of(publisher, "publication").until("Ready:survivor/order");
            publisher.ask("send", "count", 10);
            String counted = "next." + life;
            survivor.askUntil("receiver", line -> line.number(counted, 0) == 10);
            note("publisher " + life, System.nanoTime() - start);
            events.until("Connected:" + life);

            publisher.kill();

            events.until("Crashed:" + life);
        }
        assertThat(survivor.ask("receiver").number("count")).isEqualTo(KILLED_ROUNDS / 2 * 10);
        leaveNothing(survivor);
        printSlowest(KILLED_ROUNDS / 2 + " killed publishers");
    }

    @Test
    void aPublisherReachesEachSuccessorOfAKilledSubscriber() {
        Children children = nodes.files();
        ChildJvm survivor = children.start("survivor");
        survivor.ask("publish", STREAM);
        Watched events = Watched.of(survivor, "publication");
        Deque<ChildJvm> spares = spares();
        for (int life = 1; life <= KILLED_ROUNDS / 2; life++) {
            ChildJvm subscriber = next(spares, life);
            Children.open(subscriber);
            long start = System.nanoTime();
            subscriber.ask("subscribe", STREAM);
            subscriber.ask("receive");
            events.until("Ready:" + life + "/order");
            survivor.ask("send", "count", 10);
            survivor.await("sent");
            subscriber.askUntil("receiver", line -> line.number("count") == 10);
            note("subscriber " + life, System.nanoTime() - start);

            subscriber.kill();

            events.until("Crashed:" + life);
        }
        assertThat(events.changes()).hasSize(KILLED_ROUNDS);
        leaveNothing(survivor);
        printSlowest(KILLED_ROUNDS / 2 + " killed subscribers");
    }

    /** Where a JVM takes long to start, the next one starts while this one's round runs. */
    private Deque<ChildJvm> spares() {
        Deque<ChildJvm> spares = new ArrayDeque<>();
        spares.add(nodes.files().launch("1"));
        return spares;
    }

    private ChildJvm next(Deque<ChildJvm> spares, int life) {
        if (life < KILLED_ROUNDS / 2) {
            spares.add(nodes.files().launch(Integer.toString(life + 1)));
        }
        return spares.remove();
    }

    private void leaveNothing(ChildJvm survivor) {
        survivor.ask("close");
        assertThat(nodes.files().leftovers()).isEmpty();
    }

    private void note(String round, long nanos) {
        if (nanos > slowest) {
            slowest = nanos;
            slowestRound = round;
        }
    }

    private void printSlowest(String what) {
        System.out.println(what + ": slowest from start to message " + TimeUnit.NANOSECONDS.toMillis(slowest) + " ms ("
                + slowestRound + ")");
    }

    private static Object[] with(Object name, Object value) {
        return new Object[] {STREAM[0], STREAM[1], name, value};
    }
}
