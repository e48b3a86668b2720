package io.reactiveipc.benchmarks.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UsageTest {
    private static final int BYTES = 64 * 1024 * 1024;

    /** A pool's thread that retires within a measurement made contenders allocate less than nothing. */
    @Test
    void whatAThreadHadAllocatedStillCountsOnceItHasEnded() throws InterruptedException {
        CountDownLatch allocated = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        byte[][] kept = new byte[1][];
        long before = Usage.now().allocatedBytes();
        Thread thread = new Thread(() -> {
            kept[0] = new byte[BYTES];
            allocated.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        allocated.await();
        long during = Usage.now().allocatedBytes();
        end.countDown();
        thread.join();

        assertThat(during - before).isGreaterThanOrEqualTo(BYTES);
        assertThat(Usage.now().allocatedBytes()).isGreaterThanOrEqualTo(during);
        assertThat(kept[0]).hasSize(BYTES);
    }
}
