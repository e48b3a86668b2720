package io.reactiveipc.shm.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.segment.RootDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes in one JVM. */
@Timeout(60)
class NodeTableTest {
    private static final String TOPIC = "00123" + "0".repeat(59);

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
    void claimedRowSaysWhoOwnsIt() throws IOException {
        NodeRow row = table.claim("prices");

        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(root.nodesTable())).order(ByteOrder.LITTLE_ENDIAN);
        int offset = 4096;
        assertThat(row.index()).isZero();
        assertThat(file.capacity()).isEqualTo(135_168);
        assertThat(file.getInt(12)).isEqualTo(1024);
        assertThat(file.getLong(offset)).isEqualTo(0x0000_0001_0000_0001L);
        assertThat(new UUID(file.getLong(offset + 8), file.getLong(offset + 16)))
                .isEqualTo(row.uuid());
        assertThat(file.getLong(offset + 24)).isEqualTo(ProcessHandle.current().pid());
        assertThat(file.getLong(offset + 32))
                .isEqualTo(ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseThrow()
                        .toEpochMilli());
        assertThat(new UUID(file.getLong(offset + 40), file.getLong(offset + 48)))
                .isEqualTo(row.bootId());
        assertThat(file.getInt(offset + 64)).isEqualTo(6);
        assertThat(table.describe(0))
                .isEqualTo("\"prices\" (pid " + ProcessHandle.current().pid() + ", row 0)");
    }

    @Test
    void filesAreForTheirOwnerAlone() throws IOException {
        for (Path file : List.of(root.nodesLock(), root.nodesTable())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        try (var files = Files.list(root.path())) {
            assertThat(files).containsExactlyInAnyOrder(root.nodesLock(), root.nodesTable());
        }
    }

    @Test
    void nodesOfOneJvmHaveRowsOfTheirOwnAndAreAlive() {
        NodeRow first = table.claim("a");
        NodeRow second = NodeTable.open(root).claim("b");

        assertThat(second.index()).isNotEqualTo(first.index());
        assertThat(table.dead(first.index())).isFalse();
        assertThat(table.dead(second.index())).isFalse();
        assertThat(table.alive(second.index(), second.uuid())).isTrue();
        assertThat(table.alive(second.index(), first.uuid())).isFalse();
    }

    @Test
    void releasedRowIsDeadAndServesTheNextNodeUnderAnotherIdentity() {
        NodeRow first = table.claim("a");

        first.release();

        assertThat(table.dead(first.index())).isTrue();
        assertThat(table.alive(first.index(), first.uuid())).isFalse();
        assertThat(table.wordAcquire(first.index())).isEqualTo(NodeLayout.word(2, NodeLayout.FREE));
        NodeRow second = table.claim("b");
        assertThat(second.index()).isEqualTo(first.index());
        assertThat(second.uuid()).isNotEqualTo(first.uuid());
        assertThat(table.wordAcquire(second.index())).isEqualTo(NodeLayout.word(3, NodeLayout.LIVE));
        first.release();
        assertThat(table.dead(second.index()))
                .as("released by the former owner")
                .isFalse();
    }

    @Test
    void nameIsCutBetweenCharacters() {
        assertThat(table.describe(table.claim("é".repeat(40)).index())).startsWith("\"" + "é".repeat(29) + "\"");
        assertThat(table.describe(table.claim("x".repeat(60)).index())).startsWith("\"" + "x".repeat(59) + "\"");
        assertThat(table.describe(table.claim("x".repeat(57) + "€").index())).startsWith("\"" + "x".repeat(57) + "\"");
        assertThat(table.describe(table.claim("").index())).startsWith("\"\"");
    }

    @Test
    void allRowsCanBeTakenAndOneMoreIsRefused() {
        Set<Integer> rows = new HashSet<>();
        List<NodeRow> claimed = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            NodeRow row = table.claim("n" + i);
            rows.add(row.index());
            claimed.add(row);
        }

        assertThat(rows).hasSize(1024);
        assertThatThrownBy(() -> table.claim("one more"))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_NODES))
                .hasMessageContainingAll("1024", root.toString());
        claimed.get(500).release();
        assertThat(table.claim("one more").index()).isEqualTo(500);
    }

    @Test
    void concurrentClaimsGetDifferentRows() throws Exception {
        int threads = 8;
        Set<Integer> rows = inParallel(
                        threads, () -> NodeTable.open(root).claim("x").index())
                .stream()
                .collect(Collectors.toSet());

        assertThat(rows).hasSize(threads);
    }

    @Test
    void concurrentProbesAreExact() throws Exception {
        NodeRow live = table.claim("live");
        int dead = table.claim("dead").index() + 1;

        List<Integer> wrong = inParallel(4, () -> {
            int count = 0;
            for (int i = 0; i < 2_000; i++) {
                if (table.dead(live.index()) || !table.dead(dead)) {
                    count++;
                }
            }
            return count;
        });

        assertThat(wrong).containsOnly(0);
    }

    @Test
    void rowThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> table.dead(1024)).hasMessage("row must be 0 to 1023: 1024");
        assertThatThrownBy(() -> table.dead(-1)).hasMessageContaining("-1");
    }

    @Test
    void topicLockExcludesThreadsOfThisJvm() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        inParallel(4, () -> {
            for (int i = 0; i < 20; i++) {
                try (TopicLock lock = table.lockTopic(TOPIC)) {
                    assertThat(lock).isNotNull();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                }
            }
            return 0;
        });

        assertThat(most).hasValue(1);
    }

    @Test
    void topicLockOfAnotherTopicIsFree() {
        try (TopicLock first = table.lockTopic(TOPIC);
                TopicLock second = table.lockTopic("00124" + "0".repeat(59))) {
            assertThat(second).isNotSameAs(first);
            assertThat(table.tryLockTopic(TOPIC, 0)).isNull();
        }
        assertThat(table.tryLockTopic(TOPIC, 0)).isNotNull();
    }

    @Test
    void directoryMadeAnewHasLocksOfItsOwn() throws IOException {
        table.claim("of the old directory");
        Files.delete(root.nodesLock());
        Files.delete(root.nodesTable());
        Files.delete(root.path());

        NodeTable anew = NodeTable.open(RootDirectory.open(root.path()));

        assertThat(anew.dead(0)).isTrue();
        assertThat(anew.claim("of the new directory").index()).isZero();
        assertThat(table.dead(0)).isFalse();
    }

    @Test
    void tableOfAnotherVersionIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(root.nodesTable());
        bytes[8] = 2;
        Files.write(root.nodesTable(), bytes);

        assertThatThrownBy(() -> NodeTable.open(root))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_FILE))
                .hasMessageContainingAll(root.nodesTable().toString(), "2.0", "1.x");
    }

    @Test
    void leftoverOfAnUnfinishedTableIsClearedAway() throws IOException {
        RootDirectory other = RootDirectory.open(parent.resolve("other"));
        Path leftover = Files.createFile(other.path().resolve(".tmp-" + new UUID(0, 0) + "-1"));

        NodeTable.open(other);

        assertThat(leftover).doesNotExist();
    }

    private static <T> List<T> inParallel(int threads, Callable<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
