package io.reactiveipc.benchmarks.peer;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron IPC through its own API. The media driver lives in the first receiving process, on one thread of its own with the
 * default back-off; two cores have no room for more.
 */
class AeronPeer implements Peer {
    private static final String CHANNEL = "aeron:ipc";

    @Override
    public String name() {
        return "aeron";
    }

    @Override
    public String description() {
        return "Aeron IPC, tryClaim (offer above the MTU) and poll; media driver with one shared thread in the receiving"
                + " process";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean hasStreams() {
        return true;
    }

    @Override
    public Endpoint open(Setup setup) {
        return new Streams(setup);
    }

    static class Streams extends PolledEndpoint {
        private static final int RUN = 256;
        private static final int SILENT_TERM = 64 * 1024;

        /** Who stands still while others are measured is not dead. */
        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

        private final Setup setup;
        private final AutoCloseable driver;
        private final Aeron aeron;
        private final List<AutoCloseable> silent = new ArrayList<>();
        private final Publication publication;
        private final BufferClaim claim = new BufferClaim();
        private final UnsafeBuffer scratch;
        private final boolean claims;
        private Receiver[] receivers = {};

        Streams(Setup setup) {
            super(setup);
            this.setup = setup;
            String directory = setup.directory().resolve("aeron").toString();
            driver = setup.sender() ? () -> {} : driver(directory, setup);
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(directory)
                    .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS)));
            for (int i = 0; i < setup.silentStreams(); i++) {
                String small = CHANNEL + "?term-length=" + SILENT_TERM;
                silent.add(
                        setup.sender() ? aeron.addPublication(small, 100 + i) : aeron.addSubscription(small, 100 + i));
            }
            publication = aeron.addPublication(CHANNEL, setup.sender() ? 1 : 2);
            claims = setup.length() <= publication.maxPayloadLength();
            scratch = new UnsafeBuffer(new byte[setup.length()]);
        }

        private static AutoCloseable driver(String directory, Setup setup) {
            // Several receiving processes share the driver of the first that comes.
            if (!DriverSeat.take(setup.directory())) {
                return () -> {};
            }
            return MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(directory)
                    .threadingMode(ThreadingMode.SHARED)
                    .clientLivenessTimeoutNs(PATIENCE_NANOS)
                    .publicationUnblockTimeoutNs(2 * PATIENCE_NANOS)
                    .ipcTermBufferLength(setup.capacity())
                    .termBufferSparseFile(false)
                    .dirDeleteOnShutdown(true)
                    .warnIfDirectoryExists(false));
        }

        /** One subscription, who hears it, and how much it may hear now. */
        private record Receiver(Subscription subscription, FragmentHandler fragments, LongSupplier demand)
                implements AutoCloseable {
            int poll() {
                return subscription.poll(fragments, (int) Math.min(RUN, demand.getAsLong()));
            }

            @Override
            public void close() {
                subscription.close();
            }
        }

        @Override
        public void listen(Listener listener) {
            hear((buffer, offset, length, header) -> listener.onMessage(buffer, offset, length), () -> RUN);
        }

        final void hear(FragmentHandler messages, LongSupplier demand) {
            Receiver[] more = Arrays.copyOf(receivers, receivers.length + 1);
            more[receivers.length] = new Receiver(
                    aeron.addSubscription(CHANNEL, setup.sender() ? 2 : 1), new FragmentAssembler(messages), demand);
            receivers = more;
        }

        @Override
        public void join() {
            while (setup.sends() && !publication.isConnected()) {
                Thread.yield();
            }
            // Publications that are not exclusive share one log, and so one image, however many processes have them.
            for (Receiver receiver : receivers) {
                while (receiver.subscription().imageCount() == 0) {
                    Thread.yield();
                }
            }
        }

        @Override
        boolean offer(Payload payload) {
            if (claims) {
                long position = publication.tryClaim(payload.length(), claim);
                if (position > 0) {
                    payload.writeTo(claim.buffer(), claim.offset());
                    claim.commit();
                    return true;
                }
                return refused(position);
            }
            payload.writeTo(scratch, 0);
            long position = publication.offer(scratch, 0, payload.length());
            return position > 0 || refused(position);
        }

        private static boolean refused(long position) {
            if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
                return false;
            }
            throw new IllegalStateException("Aeron refused a message: " + Publication.errorString(position));
        }

        @Override
        boolean poll() {
            int fragments = 0;
            for (Receiver receiver : receivers) {
                fragments += receiver.poll();
            }
            return fragments > 0;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(silent);
            CloseHelper.closeAll(receivers);
            CloseHelper.closeAll(publication, aeron, driver);
        }
    }
}
