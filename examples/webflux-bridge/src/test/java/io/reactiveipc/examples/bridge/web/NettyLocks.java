package io.reactiveipc.examples.bridge.web;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows event loops the lock that Netty's allocator has for a moment where it makes room for more threads, which it does when
 * many connections come at once. Netty allows those of its older allocator itself.
 */
public final class NettyLocks implements BlockHoundIntegration {
    private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator";

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(ALLOCATOR + "$Magazine", "free")
                .allowBlockingCallsInside(ALLOCATOR + "$MagazineGroup", "free");
    }
}
