package io.reactiveipc.test.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcNode;
import io.reactiveipc.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@Timeout(120)
class IpcExtensionTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private int succeeded;

    @AfterEach
    void clear() throws IOException {
        Samples.LEASES.forEach(Message::release);
        Samples.NODES.forEach(IpcNode::close);
        for (Path directory : Samples.DIRECTORIES) {
            if (Files.exists(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
        Samples.LEASES.clear();
        Samples.NODES.clear();
        Samples.DIRECTORIES.clear();
    }

    private void run(Class<?> sample) {
        run(DiscoverySelectors.selectClass(sample));
    }

    private void run(Class<?> sample, String method, Class<?>... parameters) {
        run(DiscoverySelectors.selectMethod(
                sample,
                method,
                String.join(",", Stream.of(parameters).map(Class::getName).toList())));
    }

    private void run(DiscoverySelector selector) {
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selector)
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                result.getThrowable().ifPresent(failures::add);
                                if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                                    succeeded++;
                                }
                            }

                            @Override
                            public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                                reported.addAll(entry.getKeyValuePairs().values());
                            }
                        });
    }

    private String failure() {
        assertThat(failures).hasSize(1);
        return String.valueOf(failures.get(0).getMessage());
    }

    @Test
    void nodesOfOneTestShareADirectoryThatGoesWithThem() {
        run(Samples.InADirectory.class);
        assertThat(failures).isEmpty();
        assertThat(succeeded).isOne();
        assertThat(Samples.NODES).hasSize(4).allMatch(IpcNode::isDisposed);
        assertThat(Samples.DIRECTORIES).singleElement().satisfies(directory -> assertThat(directory)
                .doesNotExist());
    }

    @Test
    void nodesInMemoryShareAHostAndItsVirtualTime() {
        run(Samples.OnAHost.class);
        assertThat(failures).isEmpty();
        assertThat(succeeded).isEqualTo(2);
        assertThat(Samples.NODES).hasSize(2).allMatch(IpcNode::isDisposed);
    }

    @Test
    void aTemporaryDirectoryOfJUnitsIsLeftToIt() {
        run(Samples.WithATempDirOfJUnits.class);
        assertThat(failures).isEmpty();
        assertThat(succeeded).isOne();
    }

    @Test
    void leasesThatWereNotReleasedFailTheTestAndAreNamed() {
        run(Samples.Leases.class, "inADirectory", IpcNode.class, IpcNode.class);
        assertThat(failure()).contains("leases", "stream \"words\"", "release()", "doOnDiscard");
        assertThat(Samples.DIRECTORIES)
                .allSatisfy(directory -> assertThat(directory).exists());
        assertThat(failure()).contains(Samples.DIRECTORIES.get(0).toString());
    }

    @Test
    void leasesThatWereNotReleasedInMemoryFailTheTestToo() {
        run(Samples.Leases.class, "inMemory", IpcNode.class, IpcNode.class);
        assertThat(failure()).contains("leases", "stream \"words\"", "release()", "doOnDiscard");
    }

    @Test
    void aNodeThatWasNotClosedFailsTheTestWithItsRing() {
        run(Samples.OpenNodes.class, "inADirectory", IpcNode.Builder.class, Path.class);
        assertThat(failure()).contains("node: \"forgotten\"", "close it", "ring of stream \"words\"", ".ring", ".subs");
    }

    @Test
    void aNodeThatWasNotClosedInMemoryFailsTheTestToo() {
        run(Samples.OpenNodes.class, "inMemory", IpcNode.Builder.class);
        assertThat(failure()).contains("node: \"forgotten\"", "close it");
    }

    @Test
    void aStrayFileFailsTheTest() {
        run(Samples.StrayFiles.class);
        assertThat(failure()).contains("stray");
    }

    @Test
    void aTestThatFailsKeepsItsDirectoryAndItsOwnFailure() {
        run(Samples.Failures.class);
        assertThat(failure()).isEqualTo("mine");
        assertThat(Samples.NODES).allMatch(IpcNode::isDisposed);
        assertThat(reported).containsExactly(Samples.DIRECTORIES.get(0).toString());
        assertThat(Samples.DIRECTORIES.get(0)).exists();
    }
}
