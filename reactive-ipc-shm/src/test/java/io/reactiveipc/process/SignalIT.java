package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.shm.Listeners;
import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signals between processes are counted exactly, and whoever is killed leaves nothing of them. */
@Timeout(120)
class SignalIT {
    @RegisterExtension
    final Children children = new Children();

    @RepeatedTest(3)
    void severalSignallersAreCountedExactlyByEveryListener() {
        List<ChildJvm> jvms = children.start("eager", "slow", "signaller 1", "signaller 2");
        jvms.get(0).ask("listen", "signal", "door");
        jvms.get(1).ask("listen", "signal", "door", "demand", 0);

        for (ChildJvm jvm : jvms) { // the listeners signal too
            jvm.begin("signal", "signal", "door", "count", 25_000);
        }
        jvms.forEach(ChildJvm::answer);

        Line eager = jvms.get(0).askUntil("listener", line -> line.number("total") >= 100_000);
        assertThat(eager.number("total")).isEqualTo(100_000);
        assertThat(eager.number("sum")).isEqualTo(100_000);
        assertThat(jvms.get(1).ask("listener").number("elements")).isZero();
        jvms.get(1).ask("demand", "n", 1);
        Line slow = jvms.get(1).askUntil("listener", line -> line.number("elements") == 1);
        assertThat(slow.number("sum")).isEqualTo(100_000);
    }

    @Test
    void aKilledSignallerStopsNobodyAndItsSignalsStayCounted() {
        List<ChildJvm> jvms = children.start("listener", "other listener", "killed", "survivor");
        jvms.get(0).ask("listen", "signal", "door");
        jvms.get(1).ask("listen", "signal", "door");
        jvms.get(2).ask("signalForEver", "signal", "door");
        jvms.get(0).askUntil("listener", line -> line.number("total") > 1000);

        jvms.get(2).kill();

        long before = counted();
        for (ChildJvm listener : jvms.subList(0, 2)) {
            Line line = listener.askUntil("listener", answer -> answer.number("total") >= before);
            assertThat(line.number("total")).isEqualTo(before);
        }
        jvms.get(3).ask("signal", "signal", "door", "count", 500);
        for (ChildJvm listener : jvms.subList(0, 2)) {
            Line line = listener.askUntil("listener", answer -> answer.number("total") >= before + 500);
            assertThat(line.number("total")).isEqualTo(before + 500);
            assertThat(line.number("sum")).isEqualTo(before + 500);
        }
    }

    @Test
    void aKilledListenersPlaceIsFreed() {
        List<ChildJvm> jvms = children.start("killed", "survivor");
        for (int i = 0; i < 63; i++) {
            jvms.get(0).ask("listen", "signal", "door");
        }
        jvms.get(1).ask("listen", "signal", "door");
        jvms.get(1).askInVain("listen", "signal", "door");
        assertThat(Listeners.count(counter())).isEqualTo(64);

        jvms.get(0).kill();

        jvms.get(1).ask("listen", "signal", "door"); // at once, or after a sweep
        until(() -> Listeners.count(counter()) == 2);
        jvms.get(1).ask("signal", "signal", "door", "count", 10);
        Line line = jvms.get(1).askUntil("listener", answer -> answer.number("total") >= 10);
        assertThat(line.number("total")).isEqualTo(10);
    }

    @Test
    void theCounterIsClearedAwayAfterTheLastWasKilled() {
        List<ChildJvm> jvms = children.start("signaller", "listener");
        jvms.get(1).ask("listen", "signal", "door");
        jvms.get(0).ask("signalForEver", "signal", "door");
        jvms.forEach(ChildJvm::kill);
        assertThat(counter()).exists();

        ChildJvm next = children.start("next");

        until(() -> SignalFile.in(RootDirectory.open(children.directory())).isEmpty());
        next.ask("close");
        assertThat(children.leftovers()).isEmpty();
    }

    /** All signals so far, whoever gave them and lives or not. */
    private long counted() {
        return Objects.requireNonNull(SignalFile.open(counter())).buffer().getLongVolatile(SignalLayout.COUNT_OFFSET);
    }

    /** Spins until it is so, or the watchdog of the test comes. */
    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("waited in vain");
            }
            Thread.onSpinWait();
        }
    }

    private Path counter() {
        return SignalFile.in(RootDirectory.open(children.directory())).get(0);
    }
}
