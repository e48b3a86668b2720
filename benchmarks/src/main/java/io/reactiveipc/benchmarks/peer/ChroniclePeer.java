package io.reactiveipc.benchmarks.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** Chronicle Queue in memory: appended to and tailed. It keeps everything, so it writes no more than some GiB. */
final class ChroniclePeer implements Peer {
    private static final List<String> OPEN = List.of(
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/sun.nio.ch",
            "java.base/jdk.internal.ref",
            "jdk.compiler/com.sun.tools.javac");

    @Override
    public String name() {
        return "chronicle";
    }

    @Override
    public String description() {
        return "Chronicle Queue in memory, writeBytes and readBytes";
    }

    @Override
    public List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(Peer.super.jvmFlags());
        OPEN.forEach(name -> flags.add("--add-opens=" + name + "=ALL-UNNAMED"));
        flags.add("--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED");
        flags.add("--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");
        return flags;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public long byteBudget() {
        return 3L << 30;
    }

    @Override
    public Endpoint open(Setup setup) {
        return new Queues(setup);
    }

    private static final class Queues extends PolledEndpoint {
        private static final int RUN = 256;

        private final ChronicleQueue outgoing;
        private final ChronicleQueue incoming;
        private final ExcerptAppender appender;
        private final Bytes<?> written;
        private final UnsafeBuffer writtenView;
        private final Bytes<?> read;
        private final UnsafeBuffer readView = new UnsafeBuffer();
        private Receiver[] receivers = {};

        /** A tailer and who hears it. */
        private record Receiver(ExcerptTailer tailer, Listener listener) {}

        Queues(Setup setup) {
            super(setup);
            outgoing = queue(setup.directory().resolve(setup.outgoing()));
            incoming = queue(setup.directory().resolve(setup.incoming()));
            appender = outgoing.createAppender();
            appender.singleThreadedCheckDisabled(true);
            written = Bytes.allocateElasticDirect(setup.length());
            writtenView = new UnsafeBuffer(written.addressForWrite(0), setup.length());
            read = Bytes.allocateElasticDirect(setup.length());
        }

        private static ChronicleQueue queue(Path directory) {
            return SingleChronicleQueueBuilder.single(directory.toFile()).build();
        }

        @Override
        public void listen(Listener listener) {
            ExcerptTailer tailer = incoming.createTailer();
            tailer.singleThreadedCheckDisabled(true);
            receivers = Arrays.copyOf(receivers, receivers.length + 1);
            receivers[receivers.length - 1] = new Receiver(tailer, listener);
        }

        @Override
        public void join() {
            // the queue keeps all for whoever comes
        }

        @Override
        boolean offer(Payload payload) {
            payload.writeTo(writtenView, 0);
            written.readPositionRemaining(0, payload.length());
            appender.writeBytes(written);
            return true;
        }

        @Override
        boolean poll() {
            boolean any = false;
            for (Receiver receiver : receivers) {
                for (int i = 0; i < RUN; i++) {
                    read.clear();
                    if (!receiver.tailer().readBytes(read)) {
                        break;
                    }
                    any = true;
                    int length = (int) read.readRemaining();
                    readView.wrap(read.addressForRead(read.readPosition()), length);
                    receiver.listener().onMessage(readView, 0, length);
                }
            }
            return any;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(appender, outgoing, incoming);
        }
    }
}
