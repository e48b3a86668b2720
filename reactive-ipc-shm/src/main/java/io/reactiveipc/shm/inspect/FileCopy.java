package io.reactiveipc.shm.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;

/** Parts of a file by plain reads: whatever becomes of a file that is read, and not mapped, this process lives on. */
final class FileCopy implements AutoCloseable {
    private final FileChannel channel;

    private FileCopy(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException also for what is no regular file: a FIFO would be waited for */
    static FileCopy open(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is no regular file");
        }
        return new FileCopy(FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    long length() throws IOException {
        return channel.size();
    }

    /** Little-endian, of exactly that length; zeros where the file has ended. */
    ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
            // until it is full, or the file has ended
        }
        return bytes.clear();
    }

    /** The bytes in hex, for what could not be understood. */
    static String hex(ByteBuffer bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes.array());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
