package io.reactiveipc.shm.inspect;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what stands in the files of a directory, for a bug report: the nodes and whether they live, each ring's header, positions,
 * slots and last records. Nothing of a message's payload is shown. Of a live ring it is a picture of a moment, or of several:
 * what is read first may be older than what is read last.
 */
public final class SegmentInspector {
    private SegmentInspector() {}

    /**
     * Looks at all rings of a directory, or at one.
     *
     * @param path a directory that nodes share, a copy of one, or a {@code .ring} file in it
     * @return lines of text; what cannot be is marked {@code IMPOSSIBLE}, what no subscriber would open {@code REFUSED}
     * @throws IpcException with {@link ErrorCode#DIRECTORY} if there is nothing of that name
     */
    public static String inspect(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (!Files.exists(absolute)) {
            throw new IpcException(
                    ErrorCode.DIRECTORY,
                    "there is nothing at " + path + "; name a directory of nodes, or a ring in it");
        }
        StringBuilder out = new StringBuilder();
        if (!Files.isDirectory(absolute)) {
            Path directory = absolute.resolve("../../..").normalize();
            new RingDump(absolute, NodeDump.of(RootDirectory.unchecked(directory)), out).write();
            return out.toString();
        }
        RootDirectory directory = RootDirectory.unchecked(absolute);
        NodeDump nodes = NodeDump.of(directory);
        out.append("directory ").append(absolute).append('\n');
        nodes.write(out);
        List<Path> rings = rings(directory);
        out.append(rings.isEmpty() ? "no rings\n" : "");
        rings.forEach(ring -> new RingDump(ring, nodes, out).write());
        return out.toString();
    }

    private static List<Path> rings(RootDirectory directory) {
        List<Path> rings = new ArrayList<>();
        try (DirectoryStream<Path> topics = Files.newDirectoryStream(directory.topics())) {
            for (Path topic : topics) {
                rings.addAll(StreamDirectory.ringsIn(topic));
            }
        } catch (IOException | DirectoryIteratorException | IpcException e) {
            // gone, or no directory of ours: what was found is what there is
        }
        rings.sort(null);
        return rings;
    }
}
