package io.reactiveipc.shm.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one boot of the host from another. */
final class HostBoot {
    private static final UUID ID = read();

    private HostBoot() {}

    /** The same in all processes since the last boot; zeros where the host does not say. */
    static UUID id() {
        return ID;
    }

    private static UUID read() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim());
        } catch (IOException | RuntimeException e) {
            return new UUID(0, 0);
        }
    }
}
