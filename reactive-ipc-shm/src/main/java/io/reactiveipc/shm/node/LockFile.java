package io.reactiveipc.shm.node;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/**
 * {@code nodes.lock}: locks on single bytes of it that the kernel lets go of when their process ends.
 *
 * <p>POSIX drops all locks of a process on a file when the process closes <em>any</em> descriptor of that file. So there is
 * one channel in the JVM for each such file, whatever class loader we are in; it is never closed, and nothing else ever opens
 * the file. For the same reason only {@code tryLock} is used: {@code lock}, {@code read}, {@code write} and {@code size}
 * close the channel when their thread is interrupted.
 */
final class LockFile {
    private static final String REGISTRY = "io.reactiveipc:type=LockChannels";
    private static final long PAUSE_NANOS = 200_000;

    /** The JDK knows locks by weak references: one that is collected looks free to this JVM, and could be probed away. */
    private static final Set<FileLock> HELD = Collections.newSetFromMap(new IdentityHashMap<>());

    /** All that were ever opened, should anybody drop the registry; each with its {@link #sweeping}. */
    private static final Map<FileChannel, Object> CHANNELS = new ConcurrentHashMap<>();

    private final Path path;
    private final FileChannel channel;
    private final Object sweeping;
    private final KernelLocks kernel;

    private LockFile(Path path, FileChannel channel, String inode) {
        this.path = path;
        this.channel = channel;
        this.kernel = new KernelLocks(inode);
        this.sweeping = CHANNELS.computeIfAbsent(channel, key -> new Object());
    }

    /** Opens the file, and creates it if absent. Twice the same channel for the same file. */
    static LockFile open(Path path) {
        Map<String, FileChannel> registry = registry();
        synchronized (registry) {
            try {
                FileChannel channel = channel(registry, path);
                return new LockFile(path, channel, inode(registry, channel));
            } catch (IOException e) {
                throw new IpcException(
                        ErrorCode.DIRECTORY,
                        "cannot open " + path + " (" + e + "); check the directory's permissions",
                        e);
            }
        }
    }

    /**
     * One for the JVM, found again by copies of this class in other class loaders: the MBean server is the JVM's own registry
     * of objects. All that is put there is of the JDK, so it keeps no class loader from being collected. (A system property
     * would do, but one that is no text breaks whoever prints or stores them all.)
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, FileChannel> registry() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(REGISTRY);
            try {
                Future<?> mine = CompletableFuture.completedFuture(new ConcurrentHashMap<>());
                server.registerMBean(new StandardMBean(mine, (Class) Future.class), name);
            } catch (InstanceAlreadyExistsException e) {
                // another copy of this class, or this one for another directory, was first
            }
            return (Map<String, FileChannel>) server.invoke(name, "get", new Object[0], new String[0]);
        } catch (JMException e) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "cannot share lock files within this JVM (" + e + "); check what guards its MBean server",
                    e);
        }
    }

    private static FileChannel channel(Map<String, FileChannel> registry, Path path) throws IOException {
        while (true) {
            createIfAbsent(path);
            String identity = identity(path);
            if (identity == null) {
                continue; // removed at once; the directory is being cleared
            }
            FileChannel known = registry.get(identity);
            if (known != null) {
                return known;
            }
            FileChannel opened = FileChannel.open(
                    path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            if (identity.equals(identity(path))) {
                registry.put(identity, opened);
                return opened;
            }
            // Replaced in between, and which of the two was opened is unknown. To close it could drop locks: keep it.
            CHANNELS.put(opened, new Object());
        }
    }

    /**
     * Created without being opened for longer than that: this JVM has no lock on a file that did not exist, and no other
     * thread of it is here.
     */
    private static void createIfAbsent(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(path);
            }
        } catch (FileAlreadyExistsException e) {
            // another process was faster
        }
    }

    /** From the end of its identity, {@code (dev=1a,ino=42)}; else what no inode is called. */
    private static String inode(Map<String, FileChannel> registry, FileChannel channel) {
        for (Map.Entry<String, FileChannel> known : registry.entrySet()) {
            String identity = known.getKey();
            int begin = identity.lastIndexOf("ino=");
            if (known.getValue() == channel && begin >= 0 && identity.endsWith(")")) {
                return identity.substring(begin + 4, identity.length() - 1);
            }
        }
        return "";
    }

    /** Device and inode. As the channel stays open, the inode is never given to another file. */
    private static @Nullable String identity(Path path) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new IpcException(
                        ErrorCode.DIRECTORY,
                        path + " is not a regular file; remove it when no process uses the directory");
            }
            Object key = attributes.fileKey();
            return key == null ? path.toString() : key.toString();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * The monitor of whoever clears away after the dead of this file: to the threads of one process its locks only tell that
     * another one is at it, and not when it is done.
     */
    Object sweeping() {
        return sweeping;
    }

    /** Locks a byte. Null if it is locked, by this JVM or another process, if only for a probe. */
    @Nullable
    FileLock tryLock(long position) {
        synchronized (channel) {
            FileLock lock = attempt(position, false);
            if (lock != null) {
                hold(lock);
            }
            return lock;
        }
    }

    /**
     * Locks a byte, waiting for it.
     *
     * @return null if the time passed without success
     */
    @Nullable
    FileLock lock(long position, long timeoutNanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                FileLock lock = tryLock(position);
                if (lock != null || System.nanoTime() - start >= timeoutNanos) {
                    return lock;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
                interrupted |= Thread.interrupted(); // or the thread would no longer park
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@link KernelLocks#close} */
    void askKernelNoMore() {
        kernel.close();
    }

    /** {@link KernelLocks#isKnown} */
    boolean isKnownToKernel(long position) {
        return kernel.isKnown(position);
    }

    /**
     * Takes a lock again that the kernel no longer knows of.
     *
     * @return null if another process has the byte now
     */
    @Nullable
    FileLock retake(FileLock lost) {
        synchronized (channel) {
            release(lost);
            return tryLock(lost.position());
        }
    }

    /** Whether nobody, in whatever process, holds the byte at this moment. */
    boolean isFree(long position) {
        synchronized (channel) {
            FileLock probe = attempt(position, true);
            if (probe == null) {
                return false;
            }
            unlock(probe);
            return true;
        }
    }

    /** Lets go of a lock. Idempotent. */
    void release(FileLock lock) {
        synchronized (channel) {
            synchronized (HELD) {
                if (!HELD.remove(lock)) {
                    return;
                }
            }
            unlock(lock);
        }
    }

    private static void hold(FileLock lock) {
        synchronized (HELD) {
            HELD.add(lock);
        }
    }

    private @Nullable FileLock attempt(long position, boolean shared) {
        try {
            return channel.tryLock(position, 1, shared);
        } catch (OverlappingFileLockException e) {
            return null; // held by this JVM
        } catch (IOException e) {
            throw failed(position, e);
        }
    }

    private void unlock(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw failed(lock.position(), e);
        }
    }

    private IpcException failed(long position, IOException cause) {
        return new IpcException(
                ErrorCode.STORAGE,
                "cannot lock byte " + position + " of " + path + " (" + cause
                        + "); name a directory on a local file system that has POSIX locks",
                cause);
    }
}
