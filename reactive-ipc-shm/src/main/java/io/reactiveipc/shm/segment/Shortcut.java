package io.reactiveipc.shm.segment;

import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * A short path to a root whose own is too long for the addresses of sockets, which may have about a hundred bytes: a
 * symbolic link {@code reactive-ipc-links-<user>/<hash of the root's path>} in a temporary directory. Only this process
 * relies on it: the sockets are in the root, where others find them by whatever path they have. The directory of the links
 * is for our user alone, like a root, so nobody else can have a link of ours point elsewhere.
 */
final class Shortcut {
    /**
     * Longest path, in bytes, that needs none. The longest address is {@code /ctl/<uuid>-15.bell}, 49 bytes, behind it; Linux
     * takes 107 and macOS 103, and some Java versions one or two less.
     */
    static final int LONGEST_ROOT = 52;

    private static final Logger LOG = Loggers.getLogger(Shortcut.class);
    private static final int HASH_DIGITS = 16;

    private final Path link;
    private final Path root;

    private Shortcut(Path link, Path root) {
        this.link = link;
        this.root = root;
    }

    /**
     * The shortcut to a root, if it needs one and one can be made.
     *
     * @param root its real path
     * @param temporary where links may be kept, in order of preference
     */
    static @Nullable Shortcut to(Path root, List<Path> temporary) {
        if (bytes(root) <= LONGEST_ROOT) {
            return null;
        }
        for (Path parent : temporary) {
            try {
                Path links = parent.toAbsolutePath().resolve("reactive-ipc-links-" + RootDirectory.user());
                Path link =
                        links.resolve(StreamDirectory.sha256(root.toString()).substring(0, HASH_DIGITS));
                if (bytes(link) <= LONGEST_ROOT) {
                    RootDirectory.requirePrivate(links);
                    removeDangling(links);
                    Shortcut shortcut = new Shortcut(link, root);
                    shortcut.make();
                    return shortcut;
                }
            } catch (IOException | IpcException | UnsupportedOperationException e) {
                LOG.warn(
                        "no short path to {} can be kept in {} ({}): its own has {} bytes, and sockets may have none of"
                                + " more than {}",
                        root,
                        parent,
                        e.toString(),
                        bytes(root),
                        LONGEST_ROOT);
            }
        }
        return null;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Those whose root is gone lead nobody anywhere. */
    private static void removeDangling(Path links) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(links)) {
            for (Path link : all) {
                if (Files.isSymbolicLink(link) && Files.notExists(link)) {
                    Files.deleteIfExists(link);
                }
            }
        }
    }

    Path path() {
        return link;
    }

    private void make() throws IOException {
        if (leadsToRoot()) {
            return;
        }
        Files.deleteIfExists(link); // with the directory ours alone, it is an old one of ours
        try {
            Files.createSymbolicLink(link, root);
        } catch (FileAlreadyExistsException e) {
            if (!leadsToRoot()) { // else another node was faster
                throw e;
            }
        }
    }

    private boolean leadsToRoot() throws IOException {
        try {
            return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(root);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Makes it anew if it is gone. */
    void restore() {
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            RootDirectory.requirePrivate(link.getParent());
            make();
        } catch (IOException | IpcException e) {
            LOG.debug("cannot make {} anew: {}", link, e.toString());
        }
    }
}
