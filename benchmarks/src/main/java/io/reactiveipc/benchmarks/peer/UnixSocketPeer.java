package io.reactiveipc.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The JDK's own Unix socket channel, with a length before each message; one-way traffic is written in batches of 64 KiB. */
final class UnixSocketPeer implements Peer {
    private static final int WAKING_MILLIS = 100;

    private final boolean waking;

    private UnixSocketPeer(boolean waking) {
        this.waking = waking;
    }

    static Peer blocking() {
        return new UnixSocketPeer(false);
    }

    /** What ten timed sleeps a second cost a JVM that does nothing else. */
    static Peer waking() {
        return new UnixSocketPeer(true);
    }

    @Override
    public String name() {
        return waking ? "unix-socket-waking" : "unix-socket";
    }

    @Override
    public String description() {
        return waking
                ? "JDK Unix socket channel behind a Selector, whose select returns after " + WAKING_MILLIS
                        + " ms without a message"
                : "JDK Unix socket channel, blocking (non-blocking where both sides spin); one way in batches of 64 KiB";
    }

    @Override
    public boolean isOnlySilent() {
        return waking;
    }

    @Override
    public Endpoint open(Setup setup) {
        try {
            return new Socket(setup, waking ? Selector.open() : null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Socket implements Endpoint {
        private static final int BATCH = 64 * 1024;
        private static final int HEADER = 8;

        private final boolean spinning;
        private final @Nullable Selector selector;
        private final @Nullable ServerSocketChannel server;
        private final ByteBuffer out;
        private final UnsafeBuffer outView;
        private final ByteBuffer in;
        private final UnsafeBuffer inView;
        private final int frameLength;
        private @Nullable SocketChannel channel;
        private @Nullable Listener listener;

        /** @param selector to wait at where nobody spins, instead of in a read */
        Socket(Setup setup, @Nullable Selector selector) throws IOException {
            spinning = setup.waiting() == Waiting.SPIN;
            this.selector = selector;
            frameLength = HEADER + setup.length();
            out = ByteBuffer.allocateDirect(Math.max(BATCH, frameLength)).order(ByteOrder.nativeOrder());
            in = ByteBuffer.allocateDirect(Math.max(BATCH, 2 * frameLength)).order(ByteOrder.nativeOrder());
            outView = new UnsafeBuffer(out);
            inView = new UnsafeBuffer(in);
            Path path = setup.directory().resolve("socket-" + setup.link());
            if (setup.sender()) {
                server = null;
                channel = joined(SocketFiles.connect(path));
            } else {
                server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(path));
            }
        }

        @Override
        public void listen(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void join() {
            if (server == null) {
                return;
            }
            try {
                channel = joined(server.accept());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private SocketChannel joined(SocketChannel fresh) throws IOException {
            fresh.configureBlocking(!spinning && selector == null);
            if (selector != null) {
                fresh.register(selector, SelectionKey.OP_READ);
            }
            return fresh;
        }

        private SocketChannel channel() {
            if (channel == null) {
                throw new IllegalStateException("not joined yet");
            }
            return channel;
        }

        @Override
        public synchronized void send(Payload payload) { // the answer may come before the first one's call has returned
            put(payload);
            flush();
        }

        @Override
        public synchronized void sendAll(Payload payload, long first, int count) {
            for (int i = 0; i < count; i++) {
                if (out.remaining() < frameLength) {
                    flush();
                }
                put(payload.of(first + i));
            }
            flush();
        }

        private void put(Payload payload) {
            int position = out.position();
            outView.putLong(position, payload.length());
            payload.writeTo(outView, position + HEADER);
            out.position(position + frameLength);
        }

        private void flush() {
            out.flip();
            try {
                while (out.hasRemaining()) {
                    if (channel().write(out) == 0) {
                        Thread.onSpinWait();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            out.clear();
        }

        @Override
        public void drive(Stop stop) {
            if (listener == null) {
                stop.await();
                return;
            }
            stop.onSet(() -> CloseHelper.quietClose(channel));
            try {
                while (!stop.isSet()) {
                    int count = channel().read(in);
                    if (count < 0) {
                        stop.await();
                    } else if (count == 0) {
                        await();
                    } else {
                        deliver(listener);
                    }
                }
            } catch (AsynchronousCloseException e) {
                // the stop
            } catch (ClosedChannelException e) {
                // the stop, between two reads
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void await() throws IOException {
            if (selector == null) {
                Thread.onSpinWait();
            } else {
                selector.select(key -> {}, WAKING_MILLIS);
            }
        }

        private void deliver(Listener listener) {
            int start = 0;
            int end = in.position();
            while (end - start >= HEADER) {
                int length = (int) inView.getLong(start);
                if (end - start < HEADER + length) {
                    break;
                }
                listener.onMessage(inView, start + HEADER, length);
                start += HEADER + length;
            }
            in.limit(end).position(start);
            in.compact();
        }

        @Override
        public void close() {
            CloseHelper.closeAll(channel, server, selector);
        }
    }
}
