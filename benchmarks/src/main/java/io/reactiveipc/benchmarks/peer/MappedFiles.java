package io.reactiveipc.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that either side may create first. */
final class MappedFiles {
    private MappedFiles() {}

    /** Maps a file of zeroes, all of its pages present; whoever comes second finds what the first one wrote. */
    static MappedByteBuffer map(Path file, int length) {
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            ByteBuffer zeroes = ByteBuffer.allocateDirect(64 * 1024);
            while (channel.size() < length) {
                zeroes.clear().limit((int) Math.min(zeroes.capacity(), length - channel.size()));
                channel.write(zeroes, channel.size());
            }
            return channel.map(MapMode.READ_WRITE, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("could not map " + file, e);
        }
    }
}
