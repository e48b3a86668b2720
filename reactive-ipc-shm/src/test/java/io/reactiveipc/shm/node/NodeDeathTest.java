package io.reactiveipc.shm.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.shm.SecondJvm;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.crash.Victim;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.segment.Headers;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes in other processes, that are killed. */
@Timeout(120)
class NodeDeathTest {
    @TempDir
    Path parent;

    private RootDirectory root;
    private NodeTable table;

    @BeforeEach
    void open() {
        root = RootDirectory.open(parent.resolve("root"));
        table = NodeTable.open(root);
    }

    @Test
    void nodeOfAnotherProcessIsAliveUntilItIsKilled() {
        try (SecondJvm other = start()) {
            Claimed claimed = claim(other);

            assertThat(table.dead(claimed.row)).isFalse();
            assertThat(table.alive(claimed.row, claimed.uuid)).isTrue();
            assertThat(table.describe(claimed.row)).contains("pid " + other.pid());
            other.kill();
            assertThat(table.dead(claimed.row)).isTrue();
            assertThat(table.alive(claimed.row, claimed.uuid)).isFalse();
        }
    }

    @Test
    void nodeThatReleasesItsRowIsDeadWhileItsProcessLives() {
        try (SecondJvm other = start()) {
            Claimed claimed = claim(other);

            assertThat(other.ask("release")).isEqualTo("released");

            assertThat(table.dead(claimed.row)).isTrue();
            assertThat(table.reaper().sweep()).isZero();
        }
    }

    @Test
    void racingProcessesGetDifferentRows() {
        try (SecondJvm first = start();
                SecondJvm second = start()) {
            Claimed a = claim(first);
            Claimed b = claim(second);
            NodeRow own = table.claim("own");

            assertThat(List.of(a.row, b.row, own.index())).doesNotHaveDuplicates();
            assertThat(first.ask("dead " + b.row)).isEqualTo("false");
            assertThat(second.ask("dead " + own.index())).isEqualTo("false");
        }
    }

    @Test
    void sweepClearsAwayAllThatAKilledNodeLeft() throws IOException {
        try (SecondJvm other = start()) {
            NodeRow own = table.claim("own");
            RingFile ours = publish(own, "ours");
            Claimed claimed = claim(other);
            Path theirs = Path.of(other.ask("publish theirs"));
            other.ask("subscribe " + ours.path() + " 5");
            other.ask("litter ours");
            RingFile mapped = RingFile.attach(theirs);
            assertThat(table.reaper().sweep()).as("while it lives").isZero();

            other.kill();

            assertThat(table.reaper().sweep()).isEqualTo(1);
            assertThat(SlotLayout.state(ours.slots().getLong(SlotLayout.wordOffset(5))))
                    .isEqualTo(SlotLayout.FREE);
            assertThat(SlotLayout.generation(ours.slots().getLong(SlotLayout.wordOffset(5))))
                    .isEqualTo(2);
            assertThat(mapped.isNamed()).isFalse();
            assertThat(mapped.header().node()).isEqualTo(claimed.uuid);
            assertThat(everything()).isEqualTo(expectedFor(ours));
            assertThat(NodeLayout.state(table.wordAcquire(claimed.row))).isEqualTo(NodeLayout.FREE);
            assertThat(table.reaper().sweep()).as("a second time").isZero();
        }
    }

    @Test
    void claimOfADeadNodesRowClearsAwayFirst() {
        try (SecondJvm other = start()) {
            Claimed claimed = claim(other);
            Path ring = Path.of(other.ask("publish prices"));
            int generation = NodeLayout.generation(table.wordAcquire(claimed.row));
            other.kill();

            NodeRow own = table.claim("successor");

            assertThat(own.index()).isEqualTo(claimed.row);
            assertThat(own.uuid()).isNotEqualTo(claimed.uuid);
            assertThat(ring.getParent()).doesNotExist();
            assertThat(table.wordAcquire(own.index())).isEqualTo(NodeLayout.word(generation + 2, NodeLayout.LIVE));
            assertThat(table.alive(own.index(), claimed.uuid)).isFalse();
        }
    }

    @Test
    void aCensusTellsOfWhoCameWhoDiedAndWhoWent() {
        Census census = new Census(table, table.claim("own").index());
        assertThat(census.isNews()).as("the first look").isTrue();
        assertThat(census.isNews()).as("nothing was done about it").isTrue();
        expectNothingNewAfterOneMoreLook(census);
        try (SecondJvm other = start()) {
            claim(other);
            assertThat(census.isNews()).as("one came").isTrue();
            expectNothingNewAfterOneMoreLook(census);
            other.kill();
            for (int look = 0; look < 3; look++) {
                assertThat(census.isNews()).as("one is dead").isTrue();
                census.acknowledge();
            }
            table.reaper().sweep();
            assertThat(census.isNews()).as("one was cleared away").isTrue();
            expectNothingNewAfterOneMoreLook(census);
        }
        try (SecondJvm other = start()) {
            claim(other);
            assertThat(census.isNews()).isTrue();
            expectNothingNewAfterOneMoreLook(census);
            other.ask("release");
            assertThat(census.isNews()).as("one went").isTrue();
            expectNothingNewAfterOneMoreLook(census);
        }
    }

    private static void expectNothingNewAfterOneMoreLook(Census census) {
        census.acknowledge();
        assertThat(census.isNews()).as("for who may not have been done").isTrue();
        census.acknowledge();
        assertThat(census.isNews()).as("nothing new").isFalse();
    }

    static List<CrashPoint> whereReapersAreHalted() {
        return Victim.REAPER.points();
    }

    @ParameterizedTest
    @MethodSource("whereReapersAreHalted")
    void reaperHaltedAtAnyStepIsSucceeded(CrashPoint point) throws IOException {
        NodeRow own = table.claim("own");
        RingFile ours = publish(own, "ours");
        Files.createDirectories(root.sockets()); // stay when they are empty
        Files.createDirectories(root.signals());
        List<Path> before = everything();
        Claimed claimed;
        try (SecondJvm victim = start();
                SecondJvm reaper = SecondJvm.startMortal(point.label() + ":1", NodeProcess.class, root.path() + "")) {
            claimed = leaveAllSorts(victim, ours);
            String order = point == CrashPoint.SLOT_PROVEN ? "freeSlot " + ours.path() + " 63" : "sweep";
            assertThat(reaper.askToDie(order)).isEqualTo(CrashPoint.EXIT_CODE);
        }
        assertThat(NodeLayout.state(table.wordAcquire(claimed.row)))
                .isEqualTo(point == CrashPoint.SLOT_PROVEN ? NodeLayout.LIVE : NodeLayout.REAPING);

        assertThat(table.reaper().sweep()).isEqualTo(1);

        assertThat(everything()).isEqualTo(before);
        assertThat(ours.slots().getLong(SlotLayout.wordOffset(63))).isEqualTo(SlotLayout.word(2, 0, SlotLayout.FREE));
        assertThat(NodeLayout.state(table.wordAcquire(claimed.row))).isEqualTo(NodeLayout.FREE);
        assertThat(table.reaper().sweep()).as("a second time").isZero();
    }

    @Test
    void twoReapersThatRaceClearAwayEachDeadNodeOnce() throws IOException {
        RingFile ours = publish(table.claim("own"), "ours");
        Files.createDirectories(root.sockets()); // stay when they are empty
        Files.createDirectories(root.signals());
        List<Path> before = everything();
        List<Claimed> dead = new ArrayList<>();
        try (SecondJvm victim = start();
                SecondJvm first = start();
                SecondJvm second = start()) {
            for (int i = 0; i < 20; i++) {
                Claimed claimed = claim(victim);
                dead.add(claimed);
                victim.ask("subscribe " + ours.path() + " " + i);
                victim.ask("publish theirs-" + i);
                victim.ask("litter ours");
            }
            victim.kill();
            Path gun = parent.resolve("gun");
            first.begin("sweepAt " + gun);
            second.begin("sweepAt " + gun);
            Files.createFile(gun);

            assertThat(Integer.parseInt(first.next()) + Integer.parseInt(second.next()))
                    .isEqualTo(20);
        }
        assertThat(everything()).isEqualTo(before);
        for (int i = 0; i < 20; i++) {
            assertThat(ours.slots().getLong(SlotLayout.wordOffset(i)))
                    .as("freed once")
                    .isEqualTo(SlotLayout.word(2, 0, SlotLayout.FREE));
            assertThat(NodeLayout.state(table.wordAcquire(dead.get(i).row))).isEqualTo(NodeLayout.FREE);
        }
    }

    @Test
    void aSweepWaitsForTheOneThatAnotherThreadIsAt() throws Exception {
        Claimed dead;
        Path ring;
        try (SecondJvm victim = start()) {
            dead = claim(victim);
            ring = Path.of(victim.ask("publish theirs"));
            victim.ask("litter theirs");
        }
        NodeTable ofAnotherNode = NodeTable.open(RootDirectory.open(root.path()));
        Thread first = new Thread(ofAnotherNode.reaper()::sweep, "first sweep");
        Thread second = new Thread(table.reaper()::sweep, "second sweep");
        String topic = ring.getParent().getFileName().toString();
        try (TopicLock creator = table.lockTopic(topic)) { // the first one waits for it, up to a second
            assertThat(creator).isNotNull();
            first.start();
            while (Files.exists(ring)) {
                Thread.onSpinWait();
            }
            second.start();
            while (second.isAlive() && second.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            assertThat(second.isAlive() || isClearedAway(dead))
                    .as("it waits, or there was nothing left to wait for")
                    .isTrue();
        }
        second.join();
        assertThat(isClearedAway(dead)).isTrue();
        first.join();
    }

    private boolean isClearedAway(Claimed dead) {
        return NodeLayout.state(table.wordAcquire(dead.row)) == NodeLayout.FREE
                && !Files.exists(root.sockets().resolve(dead.uuid + ".sock"));
    }

    @Test
    void reaperStoppedBetweenProofAndDeedDoesNotTakeTheNextOwnersSlot() throws IOException {
        RingFile ours = publish(table.claim("own"), "ours");
        Path held = parent.resolve("held");
        try (SecondJvm victim = start();
                SecondJvm reaper =
                        SecondJvm.startMortal("slot-proven:1:" + held, NodeProcess.class, root.path() + "")) {
            Claimed dead = claim(victim);
            victim.ask("subscribe " + ours.path() + " 5");
            victim.kill();
            reaper.begin("freeSlot " + ours.path() + " 5");
            while (!Files.exists(held)) {
                Thread.onSpinWait();
            }
            reaper.signal("STOP");

            // Meanwhile the dead one is cleared away, and another node has the same row and the same slot.
            assertThat(table.reaper().sweep()).isEqualTo(1);
            NodeRow next = table.claim("next");
            assertThat(next.index()).isEqualTo(dead.row);
            long freed = ours.slots().getLong(SlotLayout.wordOffset(5));
            long taken = SlotLayout.word(SlotLayout.generation(freed) + 1, next.index(), SlotLayout.ACTIVE);
            ours.slots().putLong(SlotLayout.wordOffset(5), taken);

            Files.delete(held);
            reaper.signal("CONT");
            assertThat(reaper.next()).isEqualTo("false");
            assertThat(ours.slots().getLong(SlotLayout.wordOffset(5))).isEqualTo(taken);
        }
    }

    /** A slot in a ring of ours, a ring, a signal, temporary files, an orphan, a socket; and dies. */
    private static Claimed leaveAllSorts(SecondJvm victim, RingFile ours) throws IOException {
        Claimed claimed = claim(victim);
        Path theirs = Path.of(victim.ask("publish theirs"));
        victim.ask("subscribe " + ours.path() + " 63");
        victim.ask("litter theirs");
        victim.ask("signal theirs");
        Path orphaned = Path.of(victim.ask("publish orphaned"));
        assertThat(theirs.getParent()).isNotEqualTo(orphaned.getParent());
        victim.kill();
        Files.delete(orphaned); // as one who dies between the two names does
        return claimed;
    }

    @Test
    void slotOfAKilledSubscriberIsFreedByThePublisherAlone() {
        try (SecondJvm other = start()) {
            RingFile ours = publish(table.claim("own"), "ours");
            claim(other);
            other.ask("subscribe " + ours.path() + " 0");

            assertThat(table.reaper().freeSlotIfDead(ours.slots(), 0)).isFalse();
            other.kill();
            assertThat(table.reaper().freeSlotIfDead(ours.slots(), 0)).isTrue();
            assertThat(table.reaper().freeSlotIfDead(ours.slots(), 0)).isFalse();
            assertThat(ours.slots().getLong(SlotLayout.wordOffset(0)))
                    .isEqualTo(SlotLayout.word(2, 0, SlotLayout.FREE));
        }
    }

    @Test
    void nothingThatThisLibraryDoesDropsItsOwnLocks() throws IOException {
        try (SecondJvm other = start()) {
            NodeRow own = table.claim("own");
            RingFile ring = publish(own, "ours");
            RingFile.attach(ring.path());
            RingFile.headerOf(ring.path());
            NodeTable again = NodeTable.open(RootDirectory.open(root.path()));
            NodeRow passing = again.claim("passing");
            again.dead(own.index());
            again.dead(1023);
            again.reaper().sweep();
            passing.release();

            assertThat(descriptorsOf(root.nodesLock())).isOne();
            assertThat(other.ask("dead " + own.index())).isEqualTo("false");
            assertThat(other.ask("alive " + own.index() + " " + own.uuid())).isEqualTo("true");
        }
    }

    @Test
    void aLockThatWasDroppedByOtherCodeOfThisJvmIsNoticedAndTakenAgain() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/locks")));
        try (SecondJvm other = start()) {
            NodeRow own = table.claim("own");
            for (int look = 0; look < 4; look++) { // the later ones compare with what the earlier ones found
                assertThat(own.checkHold()).isEqualTo(NodeRow.Hold.HELD);
            }

            Files.readAllBytes(root.nodesLock()); // opens and closes it

            assertThat(other.ask("dead " + own.index())).isEqualTo("true");
            assertThat(own.checkHold()).isEqualTo(NodeRow.Hold.RETAKEN);
            assertThat(other.ask("dead " + own.index())).isEqualTo("false");
            assertThat(own.checkHold()).isEqualTo(NodeRow.Hold.HELD);
            own.release();
            assertThat(other.ask("dead " + own.index())).isEqualTo("true");
            assertThat(own.checkHold()).isEqualTo(NodeRow.Hold.HELD);
        }
    }

    @Test
    void aNodeThatWasClearedAwayWhileItsLockWasDroppedIsToldAndLeavesItsSuccessorAlone() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/locks")));
        try (SecondJvm other = start()) {
            NodeRow own = table.claim("own");
            Files.readAllBytes(root.nodesLock());
            String[] successor = other.ask("claim successor").split(" ");
            assertThat(successor[0]).as("the same row").isEqualTo("" + own.index());

            assertThat(own.checkHold()).isEqualTo(NodeRow.Hold.LOST);
            own.release();

            assertThat(table.alive(own.index(), UUID.fromString(successor[1]))).isTrue();
        }
    }

    @Test
    void systemPropertiesStayTextThatCanBeListedAndStored() throws IOException {
        table.claim("own");

        System.getProperties().list(new PrintStream(OutputStream.nullOutputStream()));
        System.getProperties().store(OutputStream.nullOutputStream(), "");
        assertThat(System.getProperties().values())
                .allSatisfy(value -> assertThat(value).isInstanceOf(String.class));
    }

    @Test
    void interruptedThreadDropsNoLocks() {
        try (SecondJvm other = start()) {
            NodeRow own = table.claim("own");
            Thread.currentThread().interrupt();

            try {
                table.dead(1023);
                table.claim("second").release();
                table.lockTopic("f".repeat(64)).close();
            } finally {
                assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            }

            assertThat(table.dead(own.index())).isFalse();
            assertThat(other.ask("dead " + own.index())).isEqualTo("false");
        }
    }

    @Test
    void rowThatNobodyReferencesStaysLocked() {
        try (SecondJvm other = start()) {
            int row = NodeTable.open(root).claim("forgotten").index();

            for (int i = 0; i < 3; i++) {
                System.gc();
            }

            assertThat(table.dead(row)).isFalse();
            assertThat(other.ask("dead " + row)).isEqualTo("false");
        }
    }

    @Test
    void copyOfTheLibraryInAnotherClassLoaderDropsNoLocks() throws Exception {
        try (SecondJvm other = start();
                URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            NodeRow own = table.claim("own");
            Class<?> rootClass = loader.loadClass(RootDirectory.class.getName());
            Class<?> tableClass = loader.loadClass(NodeTable.class.getName());
            assertThat(tableClass).isNotSameAs(NodeTable.class);

            Object copy = tableClass
                    .getMethod("open", rootClass)
                    .invoke(null, rootClass.getMethod("open", Path.class).invoke(null, root.path()));

            assertThat(tableClass.getMethod("dead", int.class).invoke(copy, own.index()))
                    .isEqualTo(false);
            Object row = tableClass.getMethod("claim", String.class).invoke(copy, "copy");
            assertThat(table.dead((Integer) row.getClass().getMethod("index").invoke(row)))
                    .isFalse();
            assertThat(descriptorsOf(root.nodesLock())).isOne();
            assertThat(other.ask("dead " + own.index())).isEqualTo("false");
        }
    }

    @Test
    void topicLockExcludesOtherProcessesUntilTheyDie() {
        String topic = root.stream("prices").sha256();
        try (SecondJvm other = start()) {
            other.ask("lock " + topic);
            assertThat(table.tryLockTopic(topic, 0)).isNull();
            other.ask("unlock");
            try (TopicLock lock = table.tryLockTopic(topic, 0)) {
                assertThat(lock).isNotNull();
            }
            other.ask("lock " + topic);
            other.kill();
            try (TopicLock lock = table.tryLockTopic(topic, 0)) {
                assertThat(lock).isNotNull();
            }
        }
    }

    /** One is the rule: the day a second one is closed, or collected, the locks are gone. */
    private static long descriptorsOf(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).equals(file);
                        } catch (IOException e) {
                            return false; // closed since it was listed
                        }
                    })
                    .count();
        }
    }

    private SecondJvm start() {
        return SecondJvm.start(NodeProcess.class, root.path().toString());
    }

    private RingFile publish(NodeRow row, String stream) {
        StreamDirectory directory = root.stream(stream);
        try (TopicLock lock = table.lockTopic(directory.sha256())) {
            assertThat(lock).isNotNull();
            return RingFile.create(directory, Headers.of(stream, 1, 1, row.index(), row.uuid()));
        }
    }

    private record Claimed(int row, UUID uuid) {}

    private static Claimed claim(SecondJvm jvm) {
        String[] words = jvm.ask("claim other").split(" ");
        return new Claimed(Integer.parseInt(words[0]), UUID.fromString(words[1]));
    }

    private List<Path> expectedFor(RingFile ring) {
        return Stream.of(
                        root.nodesLock(),
                        root.nodesTable(),
                        root.sockets(),
                        root.topics(),
                        ring.path().getParent(),
                        ring.path(),
                        StreamDirectory.slotsOf(ring.path()))
                .sorted()
                .toList();
    }

    private List<Path> everything() throws IOException {
        try (Stream<Path> files = Files.walk(root.path())) {
            return files.filter(file -> !file.equals(root.path())).sorted().toList();
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            urls[i] = Path.of(entries[i]).toUri().toURL();
        }
        return urls;
    }
}
