package io.reactiveipc.spi;

/** Opens control planes; found by {@link java.util.ServiceLoader}. Optional: without one a node has streams but no events. */
public interface ControlPlaneProvider {
    /** A short name for messages: {@code "uds"}. */
    String name();

    /**
     * @param host what the control plane may ask and tell
     * @throws io.reactiveipc.IpcException naming the values and the repair, if the socket cannot be opened
     */
    ControlPlane open(ControlPlaneHost host);
}
