package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The directory of one stream. It exists only while the stream has files. */
public final class StreamDirectory {
    private static final String RING = ".ring";
    private static final String SLOTS = ".subs";
    private static final String TEMPORARY = ".tmp-";
    private static final Pattern SEGMENT_NAME = Pattern.compile("[0-9a-f]{16}-(0|[1-9][0-9]{0,18})\\.(ring|subs)");

    private final String sha256;
    private final Path path;

    private StreamDirectory(String sha256, Path path) {
        this.sha256 = sha256;
        this.path = path;
    }

    static StreamDirectory of(Path topics, String name) {
        String sha256 = sha256(name);
        return new StreamDirectory(sha256, topics.resolve(sha256));
    }

    static String sha256(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 of the stream's name, in hex. */
    public String sha256() {
        return sha256;
    }

    public Path path() {
        return path;
    }

    /** The rings that have a name now, in the order of their names; empty if the directory does not exist. */
    public List<Path> rings() {
        return ringsIn(path);
    }

    /** When a name was last added to it or removed; null if it does not exist. */
    public @Nullable FileTime changed() {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Creates the directory and its parent where absent. Under the topic's lock, or the directory may be cleared away
     * before something is in it.
     */
    void create() {
        createOneIfAbsent(path.getParent());
        createOneIfAbsent(path);
    }

    /** Creates a directory for our user only, in one that exists. */
    static void createOneIfAbsent(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, PrivateAccess.directory(directory));
            }
        } catch (IOException e) {
            if (!Files.isDirectory(directory)) { // else another process was faster
                throw new IpcException(
                        ErrorCode.STORAGE,
                        "cannot create directory " + directory + " (" + e
                                + "); check the file system and its free inodes",
                        e);
            }
        }
    }

    Path ring(long publicationId, long epoch) {
        return path.resolve(stem(publicationId, epoch) + RING);
    }

    private static String stem(long publicationId, long epoch) {
        return HexFormat.of().toHexDigits(publicationId) + "-" + epoch;
    }

    /** Where the slots of a ring are. */
    public static Path slotsOf(Path ring) {
        return sibling(ring, RING, SLOTS);
    }

    /** Where the ring of a slot table is. */
    public static Path ringOf(Path slots) {
        return sibling(slots, SLOTS, RING);
    }

    private static Path sibling(Path file, String from, String to) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - from.length()) + to);
    }

    /** Whether a ring could have this name, within any directory. */
    static boolean isNameOf(Path ring, RingHeader header) {
        return ring.getFileName().toString().equals(stem(header.publicationId(), header.epoch()) + RING);
    }

    /** The rings in the directory of a stream whose name need not be known. */
    public static List<Path> ringsIn(Path topic) {
        return list(topic, name -> name.endsWith(RING) && isSegmentName(name));
    }

    /** The slot tables in the directory of a stream whose name need not be known. */
    public static List<Path> slotsIn(Path topic) {
        return list(topic, name -> name.endsWith(SLOTS) && isSegmentName(name));
    }

    /** Files in a directory that a node began to write and did not finish. */
    public static List<Path> temporariesIn(Path directory, UUID node) {
        return list(directory, name -> name.startsWith(TEMPORARY + node + "-"));
    }

    static Path temporary(Path beside, UUID node, long number) {
        return beside.resolveSibling(TEMPORARY + node + "-" + number);
    }

    private static boolean isSegmentName(String name) {
        return SEGMENT_NAME.matcher(name).matches();
    }

    private static List<Path> list(Path directory, Predicate<String> wanted) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (wanted.test(file.getFileName().toString())) {
                    found.add(file);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "cannot list directory " + directory + " (" + e + "); check its permissions",
                    e);
        }
        found.sort(null);
        return found;
    }
}
