package io.reactiveipc.uds;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;

/** A program of another user, which can read nothing of ours, so it is one class without any library. */
final class Stranger {
    private Stranger() {}

    /**
     * {@code call <socket> <hex>} says something and prints all that is answered; {@code answer <socket>} takes one
     * connection and prints all that is said on it. An error is printed as {@code failed: …}.
     */
    public static void main(String[] arguments) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(arguments[1]);
        try {
            if (arguments[0].equals("call")) {
                try (SocketChannel channel = SocketChannel.open(address)) {
                    say(channel, arguments[2]);
                    printAll(channel);
                }
            } else {
                try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    server.bind(address);
                    System.out.println("listening");
                    try (SocketChannel channel = server.accept()) {
                        printAll(channel);
                    }
                }
            }
        } catch (IOException e) {
            System.out.println("failed: " + e);
        }
    }

    private static void say(SocketChannel channel, String hex) {
        try {
            channel.write(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        } catch (IOException e) {
            // refused before it was said: what was answered is still there to read
        }
    }

    private static void printAll(SocketChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocate(100_000);
        try {
            int read = 0;
            while (read >= 0) {
                read = channel.read(bytes);
            }
        } catch (IOException e) {
            // a reset: closed without having read what this program said
        }
        System.out.println("read: " + HexFormat.of().formatHex(bytes.array(), 0, bytes.position()));
    }
}
