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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not fit is refused with what is wrong and what to do; all else in the process goes on. */
@Timeout(120)
class BadInputIT {
    private static final String FOREIGN_RING = "0123456789abcdef-1.ring";

    @RegisterExtension
    final Children children = new Children();

    // ---- the other side has it otherwise ----------------------------------------------------------------------------

    @Test
    void anotherTypeIsRefusedWithBothSides() {
        List<ChildJvm> jvms = children.start("publisher", "other");
        jvms.get(0).ask("publish", "stream", "typed", "type", "apples/1");

        for (String word : List.of("publish", "subscribe")) {
            Line refused = jvms.get(1).askInVain(word, "stream", "typed", "type", "pears/2");
            assertThat(refused.text("code")).isEqualTo("INCOMPATIBLE_STREAM");
            assertThat(refused.text("message")).contains("typed", "apples/1", "pears/2", "use the same type");
        }

        assertGoesOn(jvms.get(0), jvms.get(1), "typed", "type", "apples/1");
    }

    @Test
    void anotherCapacityIsRefusedWithBothSides() {
        List<ChildJvm> jvms = children.start("publisher", "other");
        jvms.get(0).ask("publish", "stream", "sized", "capacity", 65536);

        for (String word : List.of("publish", "subscribe")) {
            Line refused = jvms.get(1).askInVain(word, "stream", "sized", "capacity", 131072);
            assertThat(refused.text("code")).isEqualTo("INCOMPATIBLE_STREAM");
            assertThat(refused.text("message")).contains("sized", "65536", "131072", "use the same capacity");
        }

        jvms.get(1).ask("publish", "stream", "sized", "seed", 2); // who names none takes what is there
        assertThat(jvms.get(1).ask("sender").number("capacity")).isEqualTo(65536);
        assertGoesOn(jvms.get(0), jvms.get(1), "sized");
    }

    @Test
    void aPublicationOfAnotherTypeThatAppearsLaterErrorsTheRunningFlux() {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        jvms.get(0).ask("subscribe", "stream", "typed", "type", "apples/1");
        jvms.get(0).ask("receive");

        jvms.get(1).ask("publish", "stream", "typed", "type", "pears/2");

        Line ended = jvms.get(0).await("ended");
        assertThat(ended.text("code", ended.toString())).isEqualTo("INCOMPATIBLE_STREAM");
        assertThat(ended.text("message")).contains("apples/1", "pears/2");
        assertGoesOn(jvms.get(1), jvms.get(0), "typed", "type", "pears/2");
    }

    // ---- files that are no rings ------------------------------------------------------------------------------------

    @Test
    void randomBytesInPlaceOfARingErrorTheRunningFluxAndNewOnes() throws IOException {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        jvms.get(0).ask("subscribe", "stream", "foreign");
        jvms.get(0).ask("receive");
        Path foreign = children.topic("foreign").resolve(FOREIGN_RING);
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        Path aside = children.directory().resolve("aside");
        Files.write(aside, noise);
        Files.createDirectories(foreign.getParent());
        Files.move(aside, foreign, StandardCopyOption.ATOMIC_MOVE);

        Line ended = jvms.get(0).await("ended");

        assertNamed(ended, "INCOMPATIBLE_FILE", foreign);
        assertNamed(jvms.get(0).askInVain("subscribe", "stream", "foreign"), "INCOMPATIBLE_FILE", foreign);
        assertNamed(jvms.get(1).askInVain("subscribe", "stream", "foreign"), "INCOMPATIBLE_FILE", foreign);
        jvms.get(1).ask("publish", "stream", "sound");
        assertGoesOn(jvms.get(1), jvms.get(0), "sound");

        Files.delete(foreign); // the repair that the message names
        jvms.get(1).ask("publish", "stream", "foreign");
        assertGoesOn(jvms.get(1), jvms.get(0), "foreign");
    }

    @Test
    void filesOfOtherNamesAreOverlooked() throws IOException {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        jvms.get(1).ask("publish", "stream", "littered");
        Path topic = children.topic("littered");
        Files.writeString(topic.resolve("README.ring"), "not a ring");
        Files.writeString(topic.resolve(".hidden"), "");
        Files.createDirectory(topic.resolve("0123456789abcdef-2.rings"));

        assertGoesOn(jvms.get(1), jvms.get(0), "littered");
    }

    /** What may have become of a ring's file. */
    enum Damage {
        EMPTY("INCOMPATIBLE_FILE") {
            @Override
            byte[] of(byte[] ring) {
                return new byte[0];
            }
        },
        CUT_IN_THE_HEADER("CORRUPT_RING") {
            @Override
            byte[] of(byte[] ring) {
                return Arrays.copyOf(ring, 1000);
            }
        },
        CUT_IN_THE_DATA("CORRUPT_RING") {
            @Override
            byte[] of(byte[] ring) {
                return Arrays.copyOf(ring, ring.length - 4096);
            }
        },
        LONGER("CORRUPT_RING") {
            @Override
            byte[] of(byte[] ring) {
                return Arrays.copyOf(ring, ring.length + 4096);
            }
        },
        OTHER_VERSION("INCOMPATIBLE_FILE") {
            @Override
            byte[] of(byte[] ring) {
                ring[RingLayout.MAJOR_OFFSET]++;
                return ring;
            }
        },
        HEADER_FLIPPED("CORRUPT_RING") {
            @Override
            byte[] of(byte[] ring) {
                ring[RingLayout.EPOCH_OFFSET] ^= 4;
                return ring;
            }
        };

        private final String code;

        Damage(String code) {
            this.code = code;
        }

        abstract byte[] of(byte[] ring);
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedRingIsRefusedAndOthersGoOn(Damage damage) throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", "stream", "damaged", "capacity", 65536);
        Path ring = children.ring("damaged");
        Path aside = children.directory().resolve("aside");
        Files.write(aside, damage.of(Files.readAllBytes(ring)));
        Files.move(aside, ring, StandardCopyOption.ATOMIC_MOVE);

        Line refused = jvms.get(1).askInVain("subscribe", "stream", "damaged");

        assertNamed(refused, damage.code, ring);
        jvms.get(0).ask("publish", "stream", "sound");
        assertGoesOn(jvms.get(0), jvms.get(1), "sound");
    }

    @Test
    void aRingWhoseDataIsOverwrittenEndsItsStreamAndNothingElse() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", "stream", "overwritten", "capacity", 65536);
        jvms.get(1).ask("subscribe", "stream", "overwritten");
        jvms.get(1).ask("receive", "demand", 1000);
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "counting", true);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 1000);
        jvms.get(0).askUntil("sender", line -> line.number("free") < 2048);
        Path ring = children.ring("overwritten");
        byte[] data = new byte[65536];
        new Random(11).nextBytes(data);
        try (FileChannel file = FileChannel.open(ring, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(data), RingLayout.HEADER_LENGTH);
        }
        jvms.get(1).ask("request", "n", Long.MAX_VALUE);

        Line ended = jvms.get(1).await("ended");

        assertThat(ended.text("code", ended.toString())).isEqualTo("CORRUPT_RING");
        assertThat(ended.number("count")).isEqualTo(1000);
        jvms.get(0).ask("stop");
        jvms.get(0).ask("publish", "stream", "sound");
        assertGoesOn(jvms.get(0), jvms.get(1), "sound");
    }

    @Test
    void aRingWhoseDataIsCutWhileItIsReadEndsItsStreamAndNothingElse() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", "stream", "cut", "capacity", 65536);
        jvms.get(1).ask("subscribe", "stream", "cut");
        jvms.get(1).ask("receive", "demand", 1000);
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "counting", true);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 1000);
        try (FileChannel file = FileChannel.open(children.ring("cut"), StandardOpenOption.WRITE)) {
            file.truncate(RingLayout.HEADER_LENGTH);
        }
        jvms.get(1).ask("request", "n", Long.MAX_VALUE);

        Line ended = jvms.get(1).await("ended");
        assertThat(ended.text("code", ended.toString())).isEqualTo("CORRUPT_RING");
        assertThat(ended.text("message")).contains("cut");
        jvms.get(0).ask("publish", "stream", "sound");
        jvms.get(1).ask("subscribe", "stream", "sound");
        jvms.get(1).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(1).askUntil("receiver", line -> line.number("count") == 1000);
        // who looks after the dead is still there too
        jvms.get(1).kill();
        jvms.get(0).askUntil("sender", line -> line.number("subscribers") == 0);
    }

    // ---- directories ------------------------------------------------------------------------------------------------

    @Test
    void aDirectoryWithoutAParentIsRefused() {
        Path directory = children.directory().resolve("no/such");

        assertDirectoryRefused(directory, List.of(), "does not exist", "mkdir -p " + directory.getParent());
    }

    @Test
    void aDirectoryOpenToOthersIsRefused() throws IOException {
        Path directory = Files.createDirectory(children.directory().resolve("open"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));

        assertDirectoryRefused(directory, List.of(), "rwxr-x---", "chmod 700 " + directory);
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefused() throws IOException {
        Path directory = Path.of("/usr");
        if (isRoot()) {
            directory = Files.createDirectory(children.directory().resolve("theirs"));
            Files.setAttribute(directory, "unix:uid", 65534);
        }
        assumeTrue(!Files.getAttribute(directory, "unix:uid")
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));

        assertDirectoryRefused(directory, List.of(), "belongs to uid", "name a directory of your own");
    }

    @Test
    void aDirectoryThatMayNotBeWrittenIsRefused() throws IOException {
        Path directory = Files.createDirectory(children.directory().resolve("read-only"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
        // root without its capabilities is held to permissions like everybody else
        List<String> prefix = isRoot() ? List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all") : List.of();
        assumeTrue(prefix.isEmpty() || succeeds("setpriv", "--bounding-set=-all", "--inh-caps=-all", "true"));

        assertDirectoryRefused(directory, prefix, "not writable", "chmod 700 " + directory);
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.createFile(children.directory().resolve("file"));

        assertDirectoryRefused(file, List.of(), "is not a directory", "remove it");
    }

    private void assertDirectoryRefused(Path directory, List<String> prefix, String reason, String repair) {
        ChildJvm child = children.launch("child", directory, Memory.mode(), prefix);
        child.await("ready");

        Line refused = child.askInVain("open");

        assertThat(refused.text("code", refused.toString())).isEqualTo("DIRECTORY");
        assertThat(refused.text("message")).contains(directory.toString(), reason, repair);
        assertThat(child.end()).isZero();
    }

    // ---- room -------------------------------------------------------------------------------------------------------

    @Test
    void aRingLargerThanTheFreeMemoryIsRefusedAndLeavesNothing() throws IOException {
        assumeTrue(isRoot() && succeeds("unshare", "-m", "true"), "mounting a file system needs privileges");
        Path small = Files.createDirectory(children.directory().resolve("small"));
        String mount = "mount -t tmpfs -o size=1m,mode=700 tmpfs " + small + " && exec \"$@\"";
        ChildJvm child =
                children.launch("child", small, Memory.mode(), List.of("unshare", "-m", "sh", "-c", mount, "sh"));
        Children.open(child);
        // the child's file system is only seen by way of the child
        List<String> before = namesBelow(child.root().resolve(small.toString().substring(1)));

        Line refused = child.askInVain("publish", "stream", "large", "capacity", 4 * 1024 * 1024);

        assertThat(refused.text("code", refused.toString())).isEqualTo("STORAGE");
        assertThat(refused.text("message")).containsPattern("needs 4\\.0 MiB, 0\\.[0-9] MiB free in " + small);
        assertThat(namesBelow(child.root().resolve(small.toString().substring(1))))
                .filteredOn(name -> name.contains("topics/"))
                .isEmpty();
        assertThat(before).contains("nodes.lock", "nodes.tab");

        child.ask("publish", "stream", "small", "capacity", 65536);
        assertGoesOn(child, child, "small");
    }

    // ---- what all of them need --------------------------------------------------------------------------------------

    private static void assertNamed(Line failure, String code, Path file) {
        assertThat(failure.text("code", failure.toString())).isEqualTo(code);
        assertThat(failure.text("message"))
                .contains(file.toString())
                .containsPattern("remove it|use one version of reactive-ipc");
    }

    /** The publication that the publisher has open still reaches the subscriber. */
    private static void assertGoesOn(ChildJvm publisher, ChildJvm subscriber, String stream, Object... more) {
        Object[] values =
                Stream.concat(Stream.of("stream", stream), Stream.of(more)).toArray();
        subscriber.ask("subscribe", values);
        subscriber.ask("receive");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 5000);
        Line sent = publisher.await("sent");
        Line got = subscriber.askUntil("receiver", line -> line.number("count") == 5000);
        assertThat(got.number("sum.1")).isEqualTo(sent.number("sum"));
        assertThat(got.number("terminals")).isZero();
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> namesBelow(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.map(path -> directory.relativize(path).toString()).toList();
        }
    }
}
