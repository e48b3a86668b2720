package io.reactiveipc.spi;

/** Opens data planes; found by {@link java.util.ServiceLoader}. */
public interface DataPlaneProvider {
    /** A short name for messages: {@code "shm"}. */
    String name();

    /**
     * @throws io.reactiveipc.IpcException naming the values and the repair, if the options cannot be met
     */
    DataPlane open(NodeOptions options);
}
