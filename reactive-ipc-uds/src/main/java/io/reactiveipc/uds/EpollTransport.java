package io.reactiveipc.uds;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Netty's native sockets. Loaded only if Netty's epoll classes are there. */
final class EpollTransport implements Transport {
    /** Null if it works here, else why not. */
    static @Nullable Throwable unavailability() {
        return Epoll.isAvailable() ? null : Epoll.unavailabilityCause();
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public Class<? extends Channel> serverChannel() {
        return EpollServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> clientChannel() {
        return EpollDomainSocketChannel.class;
    }

    @Override
    public Channel newServerChannel() {
        return new EpollServerDomainSocketChannel();
    }

    @Override
    public Channel newClientChannel() {
        return new EpollDomainSocketChannel();
    }

    @Override
    public SocketAddress address(Path socket) {
        return new DomainSocketAddress(socket.toFile());
    }

    @Override
    public @Nullable Object peerOwner(Channel channel) {
        try {
            return ((EpollDomainSocketChannel) channel).peerCredentials().uid();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public Object ownerOf(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid");
    }
}
