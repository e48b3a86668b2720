package io.reactiveipc.shm.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.ring.SignalWords;
import io.reactiveipc.shm.segment.Headers;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReaperTest {
    @TempDir
    Path parent;

    private RootDirectory root;
    private NodeTable table;
    private NodeRow own;
    private RingFile ring;

    @BeforeEach
    void publish() {
        root = RootDirectory.open(parent.resolve("root"));
        table = NodeTable.open(root);
        own = table.claim("own");
        ring = publish(own, 1);
    }

    @Test
    void releaseLeavesNothing() {
        own.release();

        assertThat(ring.isNamed()).isFalse();
        assertThat(ring.path().getParent()).doesNotExist();
    }

    @Test
    void releaseLeavesTheRingsOfOthers() {
        NodeRow other = table.claim("other");
        RingFile theirs = publish(other, 2);

        own.release();

        assertThat(ring.isNamed()).isFalse();
        assertThat(theirs.isNamed()).isTrue();
        assertThat(root.stream("prices").rings()).containsExactly(theirs.path());
    }

    @Test
    void ringOfAnEarlierNodeInTheSameRowIsNotTaken() {
        RingFile foreign = createRing(Headers.of("prices", 9, 9, own.index(), new UUID(8, 8)));

        table.reaper().unlinkRings(foreign.path().getParent(), own.index(), own.uuid());

        assertThat(ring.isNamed()).isFalse();
        assertThat(foreign.isNamed()).isTrue();
    }

    @Test
    void onlySlotsOfTheDeadRowAreFreed() {
        int row = own.index() + 7;
        ring.slots().putLong(SlotLayout.wordOffset(0), SlotLayout.word(1, row, SlotLayout.ACTIVE));
        ring.slots().putLong(SlotLayout.wordOffset(1), SlotLayout.word(4, row, SlotLayout.JOINING));
        ring.slots().putLong(SlotLayout.wordOffset(2), SlotLayout.word(-1, row, SlotLayout.EVICTED));
        ring.slots().putLong(SlotLayout.wordOffset(3), SlotLayout.word(1, row + 1, SlotLayout.ACTIVE));
        ring.slots().putLong(SlotLayout.wordOffset(4), SlotLayout.word(5, row, SlotLayout.FREE));

        for (int repetition = 0; repetition < 2; repetition++) {
            table.reaper().freeSlots(ring.path().getParent(), row);

            assertThat(word(0)).isEqualTo(SlotLayout.word(2, 0, SlotLayout.FREE));
            assertThat(word(1)).isEqualTo(SlotLayout.word(5, 0, SlotLayout.FREE));
            assertThat(word(2)).isEqualTo(SlotLayout.word(0, 0, SlotLayout.FREE));
            assertThat(word(3)).isEqualTo(SlotLayout.word(1, row + 1, SlotLayout.ACTIVE));
            assertThat(word(4)).isEqualTo(SlotLayout.word(5, row, SlotLayout.FREE));
        }
    }

    @Test
    void slotOfALivingNodeOfThisJvmIsKept() {
        ring.slots().putLong(SlotLayout.wordOffset(0), SlotLayout.word(1, own.index(), SlotLayout.ACTIVE));

        assertThat(table.reaper().freeSlotIfDead(ring.slots(), 0)).isFalse();
        assertThat(word(0)).isEqualTo(SlotLayout.word(1, own.index(), SlotLayout.ACTIVE));
    }

    @Test
    void slotOfARowThatDoesNotExistIsFreed() {
        ring.slots().putLong(SlotLayout.wordOffset(0), SlotLayout.word(1, 1024, 77));

        assertThat(table.reaper().freeSlotIfDead(ring.slots(), 0)).isTrue();
    }

    @Test
    void foreignFilesStopNobodyAndAreLeftAlone() throws IOException, InterruptedException {
        Path topic = ring.path().getParent();
        List<Path> foreign = new ArrayList<>();
        foreign.add(Files.writeString(topic.resolve("000000000000000a-1.subs"), "no slots"));
        foreign.add(Files.writeString(topic.resolve("0000000000000002-1.ring"), "no ring"));
        foreign.add(Files.createFile(topic.resolve("0000000000000003-1.ring")));
        foreign.add(Files.createDirectory(topic.resolve("0000000000000004-1.ring")));
        foreign.add(Files.createDirectory(topic.resolve("0000000000000005-1.subs")));
        foreign.add(Files.createSymbolicLink(topic.resolve("0000000000000006-1.subs"), topic.resolve("nowhere")));
        foreign.add(Files.writeString(topic.resolve("notes"), "keep"));
        foreign.add(Files.writeString(root.topics().resolve("file"), "keep"));
        Path fifo = topic.resolve("0000000000000007-1.subs");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        foreign.add(fifo);

        own.release();

        assertThat(ring.path()).doesNotExist();
        assertThat(foreign).allMatch(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void slotsWithoutARingAreClearedAwayButNotUnderItsCreatorsHands() throws IOException {
        Files.delete(ring.path());
        Path slots = StreamDirectory.slotsOf(ring.path());
        Path topic = ring.path().getParent();

        try (TopicLock creator = table.lockTopic(root.stream("prices").sha256())) {
            assertThat(creator).isNotNull();
            table.reaper().tidy(topic);
            assertThat(slots).exists();
        }
        table.reaper().tidy(topic);
        assertThat(topic).doesNotExist();
    }

    @Test
    void onlyTheDeadRowLeavesASignalAndTheLastOneRemovesIt() {
        AtomicBuffer signal = SignalFile.openOrCreate(root, "door", own.uuid()).buffer();
        SignalWords words = new SignalWords(signal);
        NodeRow other = table.claim("other");
        words.use(own.index());
        words.use(other.index());
        signal.putLong(SlotLayout.wordOffset(0), SlotLayout.word(1, own.index(), SlotLayout.ACTIVE));
        signal.putLong(SlotLayout.wordOffset(1), SlotLayout.word(1, other.index(), SlotLayout.ACTIVE));

        own.release();

        assertThat(SignalFile.in(root)).hasSize(1);
        assertThat(signal.getLong(SlotLayout.wordOffset(0))).isEqualTo(SlotLayout.word(2, 0, SlotLayout.FREE));
        assertThat(signal.getLong(SlotLayout.wordOffset(1)))
                .isEqualTo(SlotLayout.word(1, other.index(), SlotLayout.ACTIVE));
        other.release();
        assertThat(SignalFile.in(root)).isEmpty();
    }

    @Test
    void aSignalIsNotRemovedUnderTheHandsOfOneWhoOpensIt() {
        try (TopicLock opener = table.lockTopic(SignalFile.sha256("door"))) {
            assertThat(opener).isNotNull();
            SignalFile.openOrCreate(root, "door", own.uuid());
            table.claim("other").release();
            assertThat(SignalFile.in(root)).hasSize(1);
        }
        table.claim("other").release();
        assertThat(SignalFile.in(root)).isEmpty();
    }

    @Test
    void sweepWithoutAnyTopicFindsNothing() {
        own.release();

        assertThat(table.reaper().sweep()).isZero();
    }

    private long word(int slot) {
        return ring.slots().getLong(SlotLayout.wordOffset(slot));
    }

    private RingFile publish(NodeRow row, long publicationId) {
        return createRing(Headers.of("prices", publicationId, 1, row.index(), row.uuid()));
    }

    private RingFile createRing(RingHeader header) {
        StreamDirectory directory = root.stream("prices");
        try (TopicLock lock = table.lockTopic(directory.sha256())) {
            assertThat(lock).isNotNull();
            return RingFile.create(directory, header);
        }
    }
}
