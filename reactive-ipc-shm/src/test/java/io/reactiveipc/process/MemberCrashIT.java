package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.crash.Victim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of queue groups that are killed: every message is worked on, and by whom and how often is known. */
@Timeout(300)
class MemberCrashIT {
    private static final String GROUP = "QUEUE:workers";
    private static final int TWO_RINGS = 2 * Survivor.CAPACITY / Survivor.LENGTH;

    @RegisterExtension
    final Children children = new Children();

    @TempDir
    Path journals;

    private final AtomicInteger workers = new AtomicInteger();
    private Survivor survivor;
    private IpcPublication<Long> publication;
    private long sent;

    @BeforeEach
    void open() {
        survivor = new Survivor(children, children.directory());
        publication = survivor.publish();
    }

    @AfterEach
    void close() {
        survivor.close();
    }

    private Object[] work(String delivery, String how, Object... more) {
        Path journal = journals.resolve("worker-" + workers.incrementAndGet());
        List<Object> all = new ArrayList<>(List.of("delivery", delivery, "how", how, "journal", journal));
        all.addAll(List.of(more));
        return Survivor.stream(Survivor.LENGTH, all.toArray());
    }

    private Worker member(String delivery, long demand) throws IOException {
        Worker worker = Worker.open(survivor.node(), Line.of("work", work(delivery, "mapped")));
        worker.work(demand);
        return worker;
    }

    // ---- at every step ----------------------------------------------------------------------------------------------

    @TestFactory
    Stream<DynamicTest> aMemberHaltedAtAnyStepLosesNothing() {
        return Victim.MEMBER.points().stream().map(point -> Survivor.test(children, point.label(), () -> halt(point)));
    }

    private void halt(CrashPoint point) throws IOException {
        if (point == CrashPoint.SLOT_ADOPTED) {
            ChildJvm giver = children.start("giver-" + workers.get());
            giver.ask("work", work(GROUP, "failing"));
            publication.awaitSubscribers(1).block(Survivor.PATIENCE);
            emit(1);
            giver.askUntil("worker", line -> !line.text("end").equals("null"));
            giver.end();
        }
        boolean adopting = point == CrashPoint.SLOT_ADOPTED;
        Worker reserve = adopting ? null : member(GROUP, 0); // so that no group ends
        boolean working =
                switch (point) {
                    case CLAIM_TRIED, CLAIM_DECIDED, CLAIM_COMPLETED, MESSAGE_FINISHED -> true;
                    default -> false;
                };
        ChildJvm victim = Children.open(Survivor.launch(children, children.directory(), point, working ? "3" : "1"));
        boolean failing = point == CrashPoint.SLOT_RETURNED;
        victim.begin("work", work(GROUP, failing ? "failing" : "mapped"));
        boolean quitting = point == CrashPoint.SLOT_LEAVING || point == CrashPoint.GROUP_LEFT;
        if (quitting) {
            publication.awaitSubscribers(2).block(Survivor.PATIENCE);
            emit(3);
            victim.answer();
            victim.askUntil("worker", line -> line.number("begun") == 3);
            // who quits in a message gives its slot back, and does not leave
            Survivor.until(publication::freeBytes, free -> free == Survivor.CAPACITY - 2048);
            victim.begin("quit");
        }
        awaitHalt(victim, !quitting);
        Survivor.assertHalted(victim);

        Worker last = reserve == null ? member(GROUP, 0) : reserve;
        last.request(Long.MAX_VALUE);
        emit(TWO_RINGS);
        publication.complete().block(Survivor.PATIENCE);
        Survivor.until(last::end, end -> end != null);
        assertThat(last.end()).isEqualTo("complete");
        last.close();
        Work work = new Work(sent, all());
        // what was begun by the giver, or by the victim, is done by somebody else, and says so
        assertThat(work.redelivered()).hasSizeLessThanOrEqualTo(1);
        if (point == CrashPoint.CLAIM_DECIDED || point == CrashPoint.CLAIM_COMPLETED || failing || adopting) {
            assertThat(work.redelivered()).hasSize(1);
        }
        if (point == CrashPoint.CLAIM_TRIED) {
            assertThat(work.redelivered()).isEmpty();
        }
        Survivor.until(publication::subscriberCount, count -> count == 0);
        publication = survivor.publish(); // for the next point
        sent = 0;
        workers.set(workers.get() + 100);
        for (Path journal : all()) {
            Files.delete(journal);
        }
    }

    private void awaitHalt(ChildJvm victim, boolean emitting) {
        Survivor.until(
                () -> {
                    if (emitting && sent < 40) {
                        tryEmit();
                    }
                    return victim.isAlive();
                },
                alive -> !alive);
    }

    // ---- behind the end ---------------------------------------------------------------------------------------------

    /** The publisher's node, which looks after the slots of its rings, is gone, and their names with it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAMemberHadThatIsKilledAfterThePublisherHasGoneIsRedelivered(boolean inOrder) throws IOException {
        publication.complete().block(Survivor.PATIENCE);
        ChildJvm publisher = children.start("publisher");
        publisher.ask("publish", Survivor.stream(Survivor.LENGTH));
        ChildJvm hoarder = children.start("hoarder");
        hoarder.ask("work", work(GROUP, "hoarded"));
        publisher.ask("emit", "count", 3);
        hoarder.askUntil("worker", line -> line.number("begun") == 3);
        Worker last = member(GROUP, Long.MAX_VALUE);
        if (inOrder) {
            publisher.ask("complete");
            publisher.end();
        } else {
            publisher.kill();
        }
        LockSupport.parkNanos(500_000_000); // its files are gone
        hoarder.kill();
        Survivor.until(last::end, end -> end != null);
        assertThat(last.begun()).isEqualTo(3);
        assertThat(last.end()).matches(inOrder ? "complete" : ".*PublisherLostException.*");
        last.close();
    }

    // ---- at random --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "leases", "later"})
    void whateverIsKilledNothingIsLost(String how) throws IOException {
        int kills = killAtRandom(GROUP, how, 6, 5_000);
        Work work = new Work(sent, all());
        int held = how.equals("later") ? 8 : 1;
        assertThat(work.redelivered()).hasSizeLessThanOrEqualTo(kills * held);
        System.out.println(how + ": " + kills + " killed, " + sent + " messages, "
                + work.redelivered().size() + " redelivered, none lost");
    }

    @Test
    void whatIsAtMostOnceIsNeverBegunTwice() throws IOException {
        int kills = killAtRandom("QUEUE_AT_MOST_ONCE:workers", "mapped", 6, 5_000);
        Map<Long, Integer> begun = new TreeMap<>();
        for (Path journal : all()) {
            for (Worker.Entry entry : Worker.read(journal)) {
                assertThat(entry.redelivered()).isFalse();
                if (!entry.done()) {
                    begun.merge(entry.number(), 1, Integer::sum);
                }
            }
        }
        assertThat(begun.values()).containsOnly(1);
        assertThat(sent - begun.size()).isBetween(0L, (long) kills);
        System.out.println(
                "at most once: " + kills + " killed, " + sent + " messages, " + (sent - begun.size()) + " lost");
    }

    /** Three workers at a time; whoever is killed is replaced. Once all are killed at the same time. */
    private int killAtRandom(String delivery, String how, int kills, int atLeast) throws IOException {
        Random random = new Random(20261121);
        List<ChildJvm> alive = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> alive.add(start(delivery, how)));
        publication.awaitSubscribers(3).block(Survivor.PATIENCE);
        int killed = 0;
        while (killed < kills) {
            emitFor(random.nextInt(100_000_000));
            int victims = killed == 2 ? 3 : 1;
            for (int i = 0; i < victims; i++) {
                alive.remove(random.nextInt(alive.size())).kill();
                killed++;
            }
            for (int i = 0; i < victims; i++) {
                alive.add(start(delivery, how));
            }
        }
        while (sent < atLeast) {
            emitFor(10_000_000);
        }
        publication.complete().block(Survivor.PATIENCE);
        for (ChildJvm worker : alive) {
            worker.askUntil("worker", line -> line.text("end").equals("complete"));
        }
        return killed;
    }

    private ChildJvm start(String delivery, String how) {
        ChildJvm child = Children.open(children.launch(
                "worker-" + (workers.get() + 1),
                children.directory(),
                workers.get() % 2 == 0 ? "unsafe" : "varhandle",
                List.of(),
                "-Xmx64m"));
        child.ask("work", work(delivery, how));
        return child;
    }

    private void emitFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            if (!tryEmit()) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    private boolean tryEmit() {
        boolean done = publication.tryEmit(sent).isSuccess();
        sent += done ? 1 : 0;
        return done;
    }

    private void emit(int count) {
        for (int i = 0; i < count; i++) {
            publication.emit(sent++).block(Survivor.PATIENCE);
        }
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(journals)) {
            return files.sorted().toList();
        }
    }

    /** What all journals say together: checked when it is made. */
    private record Work(List<Long> redelivered) {
        Work(long sent, List<Path> journals) throws IOException {
            this(new ArrayList<>());
            int[] firsts = new int[(int) sent];
            int[] done = new int[(int) sent];
            for (Path journal : journals) {
                for (Worker.Entry entry : Worker.read(journal)) {
                    int number = (int) entry.number();
                    if (entry.done()) {
                        done[number]++;
                    } else if (entry.redelivered()) {
                        redelivered.add(entry.number());
                    } else {
                        firsts[number]++;
                    }
                }
            }
            for (int number = 0; number < sent; number++) {
                assertThat(firsts[number])
                        .as("messages " + number + " that were not said to be redelivered")
                        .isLessThanOrEqualTo(1);
                assertThat(done[number]).as("message " + number + " is done").isPositive();
                if (done[number] > 1) {
                    assertThat(redelivered).contains((long) number);
                }
            }
        }
    }
}
