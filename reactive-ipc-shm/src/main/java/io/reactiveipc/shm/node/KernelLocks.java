package io.reactiveipc.shm.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of this process's locks on one file. The JDK cannot tell: its own lock object stays valid when somebody
 * else in this JVM opens and closes the file, and the lock is gone. Only where there is a {@code /proc/locks}; else all are
 * known.
 *
 * <p>That list stops all file locking of the machine while it is read, so what it says is only asked for if the locks of our
 * descriptor, which are in {@code /proc/self/fdinfo}, do not say it already. Those are asked for each second, and mostly say
 * what they said the last time.
 */
final class KernelLocks {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");
    private static final int MAX_DESCRIPTION = 8192;

    private final String inode;
    private @Nullable RandomAccessFile descriptor;
    private boolean sought;
    private final byte[] read = new byte[MAX_DESCRIPTION];
    private byte[] known = {};
    private long knownPosition;

    /** @param inode of the file; empty if that is not to be had, and nothing can be told */
    KernelLocks(String inode) {
        this.inode = inode;
    }

    /** Whether the kernel knows of our lock on a byte. */
    synchronized boolean isKnown(long position) {
        if (inode.isEmpty() || isLockedByDescriptor(position)) {
            return true;
        }
        try {
            if (!isListed(Files.readString(LOCKS), position)) {
                return false;
            }
            if (!sought) {
                descriptor = findDescriptor(position);
                sought = true;
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    /** Lets go of what it keeps open; the next question opens it again. */
    synchronized void close() {
        sought = false;
        if (descriptor != null) {
            try {
                descriptor.close();
            } catch (IOException e) {
                // it was only read
            }
            descriptor = null;
        }
    }

    private boolean isLockedByDescriptor(long position) {
        if (descriptor == null) {
            return false;
        }
        try {
            descriptor.seek(0);
            int length = Math.max(0, descriptor.read(read));
            if (position == knownPosition && Arrays.equals(read, 0, length, known, 0, known.length)) {
                return true;
            }
            boolean listed = isListed(new String(read, 0, length, StandardCharsets.US_ASCII), position);
            if (listed) {
                known = Arrays.copyOf(read, length);
                knownPosition = position;
            }
            return listed;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Whether a list of locks has ours: {@code 1: POSIX  ADVISORY  WRITE pid major:minor:inode first last}. */
    private boolean isListed(String locks, long position) {
        String mine = " WRITE " + ProcessHandle.current().pid() + " ";
        String ofFile = ":" + inode + " ";
        for (int at = locks.indexOf(mine); at >= 0; at = locks.indexOf(mine, at + 1)) {
            String line = locks.substring(at, endOfLine(locks, at));
            int range = line.indexOf(ofFile);
            if (range >= 0 && isWithin(line.substring(range + ofFile.length()), position)) {
                return true;
            }
        }
        return false;
    }

    /** The one by which a byte is locked, in whose file that is listed in the same form; null where the system does not. */
    private @Nullable RandomAccessFile findDescriptor(long position) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : descriptors) {
                if (lists(each, position)) {
                    return new RandomAccessFile(each.toFile(), "r");
                }
            }
        }
        return null;
    }

    private boolean lists(Path descriptor, long position) {
        try {
            return isListed(Files.readString(descriptor), position);
        } catch (IOException | RuntimeException e) { // closed meanwhile
            return false;
        }
    }

    private static int endOfLine(String text, int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private static boolean isWithin(String range, long position) {
        int space = range.indexOf(' ');
        String last = range.substring(space + 1).trim();
        return Long.parseLong(range, 0, space, 10) <= position
                && (last.equals("EOF") || position <= Long.parseLong(last));
    }
}
