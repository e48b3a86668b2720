package io.reactiveipc.shm.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the control groups of this process let it still take of memory: files in a tmpfs count, and who goes beyond the limit is
 * killed while it writes, without an error that could be told. What the kernel can drop at once, clean pages of other files,
 * counts as free; swap does not.
 */
final class MemoryLimit {
    private static final MemoryLimit SYSTEM = new MemoryLimit(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));

    private final Path membership;
    private final Path groups;

    /**
     * @param membership lists the groups of this process
     * @param groups where the groups' files are
     */
    MemoryLimit(Path membership, Path groups) {
        this.membership = membership;
        this.groups = groups;
    }

    /** Bytes that this process may still take; {@code Long.MAX_VALUE} without a limit, or where there are no groups. */
    static long systemAvailable() {
        return SYSTEM.available();
    }

    long available() {
        long available = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(membership)) {
                String[] parts = line.split(":", 3); // number, controllers, path
                if (parts.length == 3 && parts[1].isEmpty()) {
                    available = Math.min(available, smallest(groups, parts[2], "memory.max", "memory.current", ""));
                } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                    available = Math.min(
                            available,
                            smallest(
                                    groups.resolve("memory"),
                                    parts[2],
                                    "memory.limit_in_bytes",
                                    "memory.usage_in_bytes",
                                    "total_"));
                }
            }
        } catch (IOException | RuntimeException e) {
            return available; // no groups, or none that we may see: writing will tell
        }
        return available;
    }

    /** Of a group and those around it. Within a container, the outer ones cannot be seen and its own is the root. */
    private static long smallest(Path root, String path, String limit, String usage, String prefix) {
        long available = Long.MAX_VALUE;
        for (Path group = root.resolve(path.substring(1)).normalize();
                group != null && group.startsWith(root);
                group = group.getParent()) {
            available = Math.min(available, left(group, limit, usage, prefix));
        }
        return available;
    }

    private static long left(Path group, String limitFile, String usageFile, String prefix) {
        try {
            String limit = Files.readString(group.resolve(limitFile)).trim();
            if (limit.equals("max") || limit.length() > 18) { // the old kind says "none" by a very large number
                return Long.MAX_VALUE;
            }
            long used =
                    Long.parseLong(Files.readString(group.resolve(usageFile)).trim());
            for (String line : Files.readAllLines(group.resolve("memory.stat"))) {
                String[] entry = line.split(" ");
                if (entry[0].equals(prefix + "inactive_file") || entry[0].equals(prefix + "active_file")) {
                    used -= Long.parseLong(entry[1]);
                }
            }
            return Math.max(0, Long.parseLong(limit) - used);
        } catch (IOException | RuntimeException e) {
            return Long.MAX_VALUE;
        }
    }
}
