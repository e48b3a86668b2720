package io.reactiveipc.uds;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The two kinds of Unix domain sockets that Netty has on Linux: its own over epoll, and the JDK's. */
interface Transport {
    String name();

    IoHandlerFactory ioHandlers();

    Class<? extends Channel> serverChannel();

    Class<? extends Channel> clientChannel();

    Channel newServerChannel();

    Channel newClientChannel();

    SocketAddress address(Path socket);

    /** The user at the other end of a connection as the kernel knows it, comparable with {@link #ownerOf}; null if it does not. */
    @Nullable
    Object peerOwner(Channel channel);

    /** The owner of a file that this process made: this process's user. */
    Object ownerOf(Path file) throws java.io.IOException;
}
