package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.scheduler.Schedulers;

/** What a node still does for the dead when it closes. These nodes look after nobody by themselves, but once when they start. */
@Timeout(120)
class ClosingNodeTest {
    private static final long NO_PATROL_MILLIS = TimeUnit.DAYS.toMillis(1);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void aNodeThatClosesLeavesNothingOfTheDead() {
        IpcNode node = IpcNode.builder()
                .directory(children.directory())
                .dataPlane(new WithoutPatrols())
                .build();
        node.publish(StreamSpec.of("ours", Codec.utf8()).capacity(65536)).block();
        ChildJvm mortal = children.start("mortal");
        mortal.ask("publish", "stream", "theirs", "capacity", 65536);
        mortal.ask("subscribe", "stream", "theirs");
        mortal.ask("receive");
        mortal.ask("listen", "signal", "door");

        mortal.kill();
        assertThat(children.leftovers())
                .filteredOn(name -> name.endsWith(".ring"))
                .hasSize(2);
        assertThat(children.leftovers())
                .filteredOn(name -> name.endsWith(".bell"))
                .hasSize(2);
        assertThat(children.leftovers()).anyMatch(name -> name.endsWith(".sig"));
        node.close();

        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void aSweepThatHadNotBegunWhenItsNodeClosedIsNotBegunAfterwards() throws InterruptedException {
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(2); // it, and a later look at the poll loops
        DataPlane plane = new WithoutPatrols().open("closing", RootDirectory.open(children.directory()));
        ChildJvm mortal = children.start("mortal");
        Schedulers.onScheduleHook("late", task -> () -> {
            try {
                begin.await();
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended.countDown();
            }
        });
        try {
            plane.lookAfterDead();
            plane.close();
            mortal.kill();

            begin.countDown();
            ended.await();

            assertThat(children.leftovers()).anyMatch(name -> name.endsWith(".bell"));
        } finally {
            Schedulers.resetOnScheduleHook("late");
        }
    }

    private static final class WithoutPatrols implements DataPlaneProvider {
        @Override
        public String name() {
            return "shm without patrols";
        }

        @Override
        public DataPlane open(NodeOptions options) {
            return open(options.name(), RootDirectory.open(options.directory()));
        }

        DataPlane open(String name, RootDirectory root) {
            NodeTable nodes = NodeTable.open(root);
            return new ShmDataPlane(name, root, nodes, nodes.claim(name), NO_PATROL_MILLIS);
        }
    }
}
