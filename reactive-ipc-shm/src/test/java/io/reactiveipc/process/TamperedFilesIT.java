package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that are changed, cut or removed under those who use them, and memory that runs out: nothing else is hurt. */
@Timeout(120)
class TamperedFilesIT {
    private static final int CAPACITY = 65_536;

    @RegisterExtension
    final Children children = new Children();

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private static void lengthen(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
    }

    private static void assertGoesOn(ChildJvm publisher, ChildJvm subscriber, String stream) {
        publisher.ask("publish", "stream", stream, "capacity", CAPACITY);
        subscriber.ask("subscribe", "stream", stream);
        subscriber.ask("receive");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 1000);
        subscriber.askUntil("receiver", line -> line.number("count") == 1000);
    }

    /** To claim a slot beyond the end of its file could end a JVM of Java 17: it is asked before. */
    @Test
    void aSlotTableThatWasCutIsNotJoined() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", "stream", "cut", "capacity", CAPACITY);
        jvms.get(1).ask("subscribe", "stream", "cut");
        Path ring = children.ring("cut");
        truncate(Path.of(ring.toString().replace(".ring", ".subs")), 0);

        jvms.get(1).ask("receive");

        Line ended = jvms.get(1).await("ended");
        assertThat(ended.text("code", ended.toString())).isEqualTo("CORRUPT_RING");
        assertThat(ended.text("message")).contains(ring.toString(), "cut short");
        assertGoesOn(jvms.get(0), jvms.get(1), "sound");
    }

    @Test
    void aRingThatWasCutAndMadeLongerAgainIsCorruptAndNotWaitedFor() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", "stream", "emptied", "capacity", CAPACITY);
        jvms.get(1).ask("subscribe", "stream", "emptied");
        jvms.get(1).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 100);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 100);
        Path ring = children.ring("emptied");

        truncate(ring, 0);
        lengthen(ring, RingLayout.fileLength(CAPACITY));

        Line ended = jvms.get(1).await("ended");
        assertThat(ended.text("code", ended.toString())).isEqualTo("CORRUPT_RING");
        assertThat(ended.number("count")).isEqualTo(100);
        assertGoesOn(jvms.get(0), jvms.get(1), "sound");
    }

    @Test
    void aRingThatWasRemovedServesThoseWhoHaveItAndTheNextOneServesAll() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber", "late");
        jvms.get(0).ask("publish", "stream", "removed", "capacity", CAPACITY);
        jvms.get(1).ask("subscribe", "stream", "removed");
        jvms.get(1).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        Path ring = children.ring("removed");
        Files.delete(ring);
        Files.delete(Path.of(ring.toString().replace(".ring", ".subs")));

        jvms.get(0).ask("send", "count", 5000);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 5000);
        jvms.get(2).ask("subscribe", "stream", "removed");
        jvms.get(2).ask("receive");
        jvms.get(0).ask("publish", "stream", "removed", "capacity", CAPACITY, "seed", 2);
        jvms.get(0).ask("await", "subscribers", 2);
        jvms.get(0).ask("send", "count", 1000);
        Line late = jvms.get(2).askUntil("receiver", line -> line.number("count") == 1000);
        assertThat(late.number("terminals")).isZero();
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 6000);
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    private ChildJvm within(Path mounted, String setUp, String options) {
        String script = setUp + "mount -t tmpfs -o mode=700" + options + " tmpfs " + mounted + " && exec \"$@\"";
        ChildJvm child =
                children.launch("child", mounted, Memory.mode(), List.of("unshare", "-m", "sh", "-c", script, "sh"));
        return Children.open(child);
    }

    private static void assumeMounting() throws IOException, InterruptedException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can mount");
        assumeTrue(new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0, "needs unshare");
    }

    /** As much as a container has, if nobody says otherwise. */
    @Test
    void sixtyFourMebibytesTakeFifteenDefaultRingsAndTheNextIsRefused() throws Exception {
        assumeMounting();
        Path small = Files.createDirectory(children.directory().resolve("small"));
        ChildJvm child = within(small, "", ",size=64m");
        for (int i = 0; i < 15; i++) {
            child.ask("publish", "stream", "default" + i);
        }

        Line refused = child.askInVain("publish", "stream", "another");

        assertThat(refused.text("code", refused.toString())).isEqualTo("STORAGE");
        assertThat(refused.text("message")).containsPattern("needs 4\\.0 MiB, 3\\.[0-9] MiB free in " + small);
        assertGoesOn(child, child, "default0-of-" + CAPACITY);
    }

    /** The kernel does not refuse such memory, but kills: it is asked before. */
    @Test
    void aRingBeyondTheMemoryLimitOfItsContainerIsRefused() throws Exception {
        assumeMounting();
        Path group = memoryGroup();
        try {
            Path mounted = Files.createDirectory(children.directory().resolve("mounted"));
            ChildJvm child = within(mounted, "echo $$ > " + group.resolve("cgroup.procs") + " && ", ",size=2g");

            Line refused = child.askInVain("publish", "stream", "large", "capacity", 1 << 30);

            assertThat(refused.text("code", refused.toString())).isEqualTo("STORAGE");
            assertThat(refused.text("message"))
                    .containsPattern("needs 1024\\.0 MiB, and this process may take [0-9.]+ MiB more of memory");
            assertGoesOn(child, child, "small");
            child.kill();
        } finally {
            for (int i = 0; i < 100 && !group.toFile().delete(); i++) { // until the kernel has buried the last of it
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** A control group below our own, with 400 MiB. */
    private static Path memoryGroup() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            boolean old = List.of(parts[1].split(",")).contains("memory");
            Path root = Path.of(old ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup");
            Path limit = Path.of(old ? "memory.limit_in_bytes" : "memory.max");
            Path group = root.resolve(parts[2].substring(1))
                    .normalize()
                    .resolve("reactive-ipc-test-" + ProcessHandle.current().pid());
            if ((old || parts[1].isEmpty())
                    && group.getParent().toFile().canWrite()
                    && group.toFile().mkdir()) {
                try {
                    Files.writeString(group.resolve(limit), "" + (400 << 20), StandardOpenOption.WRITE);
                    return group;
                } catch (IOException e) {
                    Files.delete(group);
                }
            }
        }
        assumeTrue(false, "no memory control group can be made here");
        throw new AssertionError();
    }
}
