package io.reactiveipc.uds;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.uds.session.Limits;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Opens control planes over Unix domain sockets. With Netty's epoll where its native library is, else with the JDK's
 * sockets; {@code -Dreactive.ipc.sockets=nio} or {@code epoll} insists.
 */
public final class UdsControlPlaneProvider implements ControlPlaneProvider {
    /** {@code auto}, {@code epoll} or {@code nio}. */
    public static final String PROPERTY = "reactive.ipc.sockets";

    private final @Nullable String choice;
    private final Limits limits;

    /** What the system property says. */
    public UdsControlPlaneProvider() {
        this(System.getProperty(PROPERTY));
    }

    /** @param choice as the system property would say it; null for {@code auto} */
    public UdsControlPlaneProvider(@Nullable String choice) {
        this(choice, Limits.DEFAULT);
    }

    UdsControlPlaneProvider(@Nullable String choice, Limits limits) {
        this.choice = choice;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "uds";
    }

    @Override
    public ControlPlane open(ControlPlaneHost host) {
        return UdsControlPlane.open(host, transport(choice), limits);
    }

    static Transport transport(@Nullable String choice) {
        return switch (choice == null ? "auto" : choice.toLowerCase(Locale.ROOT)) {
            case "auto" -> whyNoEpoll() == null ? new EpollTransport() : new NioTransport();
            case "nio" -> new NioTransport();
            case "epoll" -> {
                Throwable cause = whyNoEpoll();
                if (cause != null) {
                    throw new IpcException(
                            ErrorCode.CONFIGURATION,
                            PROPERTY + "=epoll does not work here: " + cause
                                    + "; add io.netty:netty-transport-native-epoll for this platform, or remove the property",
                            cause);
                }
                yield new EpollTransport();
            }
            default ->
                throw new IpcException(
                        ErrorCode.CONFIGURATION, PROPERTY + " must be auto, epoll or nio: \"" + choice + "\"");
        };
    }

    private static @Nullable Throwable whyNoEpoll() {
        try {
            return EpollTransport.unavailability();
        } catch (LinkageError e) {
            return e;
        }
    }
}
