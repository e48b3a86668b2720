package io.reactiveipc.uds;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/** The JDK's sockets: no native library. */
final class NioTransport implements Transport {
    @Override
    public String name() {
        return "nio";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return NioIoHandler.newFactory();
    }

    @Override
    public Class<? extends Channel> serverChannel() {
        return NioServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> clientChannel() {
        return NioDomainSocketChannel.class;
    }

    @Override
    public Channel newServerChannel() {
        return new NioServerDomainSocketChannel();
    }

    @Override
    public Channel newClientChannel() {
        return new NioDomainSocketChannel();
    }

    @Override
    public SocketAddress address(Path socket) {
        return UnixDomainSocketAddress.of(socket);
    }

    @Override
    public @Nullable Object peerOwner(Channel channel) {
        UnixDomainPrincipal principal =
                channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        return principal == null ? null : principal.user();
    }

    @Override
    public Object ownerOf(Path file) throws IOException {
        return Files.getOwner(file);
    }
}
