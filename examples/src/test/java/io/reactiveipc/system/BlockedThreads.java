package io.reactiveipc.system;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Fails the tests in which a thread waited that must not: the event loop of a control plane and Reactor's own, which say so
 * themselves, and the poll loops. What is thrown there is often caught there, so it is also written down. Poll loops may
 * sleep on their doorbell, and pass the time between two looks. The tests' own queues have a lock for a moment, which the
 * library has nowhere; and so has Netty's allocator where it makes room for more threads.
 */
public final class BlockedThreads implements BlockHoundIntegration, AfterEachCallback {
    private static final List<BlockingOperationError> FOUND = new ArrayList<>();

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.nonBlockingThreadPredicate(known -> known.or(BlockedThreads::isPollLoop))
                .allowBlockingCallsInside("io.reactiveipc.internal.poll.PollLoop", "sleep")
                .allowBlockingCallsInside(LinkedBlockingQueue.class.getName(), "offer")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "free")
                .blockingMethodCallback(method -> {
                    if (!passesTime(method)) {
                        throw found(new BlockingOperationError(method));
                    }
                });
    }

    /** Without waiting for anybody. The names have a digit behind them on later JDKs. */
    private static boolean passesTime(BlockingMethod method) {
        return method.getClassName().equals("java.lang.Thread")
                && (method.getName().startsWith("yield") || method.getName().startsWith("onSpinWait"));
    }

    private static boolean isPollLoop(Thread thread) {
        return thread.getName().startsWith("reactive-ipc-") && thread.getName().contains("-poll-");
    }

    private static BlockingOperationError found(BlockingOperationError error) {
        synchronized (FOUND) {
            FOUND.add(error);
        }
        return error;
    }

    /** Those since the last call. */
    static List<BlockingOperationError> drain() {
        synchronized (FOUND) {
            List<BlockingOperationError> found = List.copyOf(FOUND);
            FOUND.clear();
            return found;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<BlockingOperationError> found = drain();
        if (!found.isEmpty()) {
            AssertionError failure = new AssertionError(found.size() + " times a thread waited that must not");
            found.stream().limit(5).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
