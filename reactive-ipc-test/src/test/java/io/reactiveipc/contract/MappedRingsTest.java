package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcPublication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MappedRingsTest extends DataPlaneContract {
    @Override
    protected Transport open() {
        return Transport.directory();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFluxThatGoesOnKeepsNoRingsOfPublicationsThatEnded() {
        IpcPublication<Long> lasting = nodes.publish(numbers);
        CompletableFuture<List<Long>> received =
                nodes.subscribe(numbers).receive().collectList().toFuture();
        awaitSubscribers(lasting, 1);
        for (int i = 0; i < 20; i++) {
            IpcPublication<Long> passing = nodes.publish(numbers);
            awaitSubscribers(passing, 1);
            complete(passing);
            untilDetached(passing);
        }
        TwoNodes.until("few rings are mapped", () -> {
            System.gc();
            return mappedRings() < 5;
        });
        complete(lasting);
        assertThat(result(received)).isEmpty();
    }

    /** Those that were opened by their names, which publishers do not do with theirs. */
    private long mappedRings() {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(
                            line -> line.contains(nodes.receiver().directory().toString()) && line.contains(".ring"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
