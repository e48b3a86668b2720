package io.reactiveipc.uds;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * One event loop for all sockets of a node, and for all its sessions. Own resources and not Reactor Netty's, because those
 * take io_uring as soon as it is on the class path, and are shared with the application's. A lone loop and not a group,
 * because the end of a group starts a thread of Netty's that keeps the JVM for a second.
 */
final class ControlLoop implements LoopResources {
    private final Transport transport;
    private final SingleThreadIoEventLoop loop;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    ControlLoop(Transport transport, String threadName) {
        this.transport = transport;
        ThreadFactory threads = task -> new LoopThread(task, threadName);
        this.loop = new SingleThreadIoEventLoop(null, threads, transport.ioHandlers());
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loop;
    }

    // The casts are Reactor Netty's own: it names a type of channel and uses what it gets as a Channel only.
    @Override
    @SuppressWarnings("unchecked")
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup of) {
        return (C) (isServer(type) ? transport.newServerChannel() : transport.newClientChannel());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup of) {
        return (Class<? extends C>) (isServer(type) ? transport.serverChannel() : transport.clientChannel());
    }

    private static boolean isServer(Class<? extends Channel> type) {
        return ServerChannel.class.isAssignableFrom(type);
    }

    /** Completes on the loop's thread, as the last thing that it does. */
    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.defer(() -> {
            loop.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS);
            return ended.asMono();
        });
    }

    private final class LoopThread extends FastThreadLocalThread implements NonBlocking {
        LoopThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                ended.tryEmitEmpty();
            }
        }
    }
}
