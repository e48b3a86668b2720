package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.reactiveipc.Claim;
import io.reactiveipc.IpcPublication;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** In steady state a message costs no garbage, on neither side. */
class AllocationTest extends DataPlaneContract {
    private static final int WARM_UP = 300_000;
    private static final int MESSAGES = 1_000_000;
    private static final Long VALUE = 7L; // from the cache of boxes

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong received = new AtomicLong();

    @Override
    protected Transport open() {
        return Transport.directory();
    }

    private static boolean claim(IpcPublication<Long> publication) {
        try (Claim claim = publication.tryClaim(Long.BYTES)) {
            if (claim == null) {
                return false;
            }
            claim.buffer().putLong(0, VALUE);
            claim.commit();
            return true;
        }
    }

    private static long pollThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reactive-ipc-receiver-poll-0"))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private void run(int messages, Function<IpcPublication<Long>, Boolean> emit, IpcPublication<Long> publication) {
        long due = received.get() + messages;
        for (int i = 0; i < messages; ) {
            if (emit.apply(publication)) {
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
        while (received.get() < due) {
            Thread.onSpinWait();
        }
    }

    private void costsNothing(
            Function<IpcPublication<Long>, Boolean> emit, Flux<?> flux, IpcPublication<Long> publication) {
        flux.subscribe(value -> received.lazySet(received.get() + 1));
        awaitSubscribers(publication, 1);
        run(WARM_UP, emit, publication);
        long reader = pollThread();
        long writer = Thread.currentThread().getId();
        long read = THREADS.getThreadAllocatedBytes(reader);
        long written = THREADS.getThreadAllocatedBytes(writer);
        run(MESSAGES, emit, publication);
        assertThat(THREADS.getThreadAllocatedBytes(writer) - written)
                .as("bytes allocated by the writer")
                .isLessThan(MESSAGES);
        assertThat(THREADS.getThreadAllocatedBytes(reader) - read)
                .as("bytes allocated by the reader")
                .isLessThan(MESSAGES);
    }

    @Test
    void tryEmitAndDecodedReceptionCostNoGarbage() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        costsNothing(
                target -> target.tryEmit(VALUE).isSuccess(),
                nodes.subscribe(numbers).receive(),
                publication);
    }

    @Test
    void claimsAndMappedReceptionCostNoGarbage() {
        IpcPublication<Long> publication = nodes.publish(numbers);
        costsNothing(
                AllocationTest::claim,
                nodes.subscribe(numbers).receive(message -> message.buffer().getLong(0) == VALUE ? "seven" : "other"),
                publication);
    }
}
