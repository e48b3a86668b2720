package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MemoryLimitTest {
    @TempDir
    Path parent;

    private long available(String membership) throws IOException {
        Path file = Files.writeString(parent.resolve("cgroup"), membership);
        return new MemoryLimit(file, parent.resolve("groups")).available();
    }

    private void group(String path, String... namesAndTexts) throws IOException {
        Path group = Files.createDirectories(parent.resolve("groups").resolve(path));
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            Files.writeString(group.resolve(namesAndTexts[i]), namesAndTexts[i + 1] + "\n");
        }
    }

    @Test
    void whatTheKernelCanDropAtOnceIsFree() throws IOException {
        group(
                "user/app",
                "memory.max",
                "1000000",
                "memory.current",
                "700000",
                "memory.stat",
                "anon 300000\nshmem 100000\ninactive_file 200000\nactive_file 100000");
        assertThat(available("0::/user/app\n")).isEqualTo(600_000);
    }

    @Test
    void theSmallestOfTheGroupsAroundCounts() throws IOException {
        group("user", "memory.max", "500000", "memory.current", "450000", "memory.stat", "anon 1");
        group("user/app", "memory.max", "max", "memory.current", "10", "memory.stat", "anon 1");
        assertThat(available("0::/user/app\n")).isEqualTo(50_000);
    }

    @Test
    void groupsOfTheOldKindCountToo() throws IOException {
        group(
                "memory/app",
                "memory.limit_in_bytes",
                "400000",
                "memory.usage_in_bytes",
                "100000",
                "memory.stat",
                "total_inactive_file 7\ninactive_file 5");
        group(
                "memory",
                "memory.limit_in_bytes",
                "9223372036854771712",
                "memory.usage_in_bytes",
                "1",
                "memory.stat",
                "");
        assertThat(available("5:cpu,memory:/app\n0::/\n")).isEqualTo(300_007);
    }

    @Test
    void withinAContainerItsOwnGroupIsTheRoot() throws IOException {
        group("", "memory.max", "4096", "memory.current", "4000", "memory.stat", "");
        assertThat(available("0::/../outer/name\n")).isEqualTo(Long.MAX_VALUE);
        assertThat(available("0::/docker/4711\n")).isEqualTo(96);
        assertThat(available("0::/\n")).isEqualTo(96);
    }

    @Test
    void withoutGroupsOrWithNonsenseThereIsNoLimit() throws IOException {
        group("odd", "memory.max", "many", "memory.current", "few", "memory.stat", "");
        assertThat(available("0::/odd\n")).isEqualTo(Long.MAX_VALUE);
        assertThat(available("nonsense\n")).isEqualTo(Long.MAX_VALUE);
        assertThat(new MemoryLimit(parent.resolve("no"), parent.resolve("where")).available())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(MemoryLimit.systemAvailable()).isPositive();
    }
}
