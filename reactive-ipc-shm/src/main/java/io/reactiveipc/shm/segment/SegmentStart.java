package io.reactiveipc.shm.segment;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.RingLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** What all files begin with, as rings do: a magic and the version of the layout, the same in every version to come. */
public final class SegmentStart {
    private SegmentStart() {}

    /** @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if the file starts with anything else */
    static void requireMagic(ByteBuffer start, long magic, Path path) {
        if (start.limit() >= Long.BYTES && start.getLong(0) == magic) {
            return;
        }
        byte[] found = new byte[Math.min(Long.BYTES, start.limit())];
        start.get(0, found);
        String starts = found.length == 0
                ? "is empty"
                : "starts with 0x" + HexFormat.of().formatHex(found);
        throw new IpcException(
                ErrorCode.INCOMPATIBLE_FILE,
                path + " " + starts + " where a file of this kind has \"" + text(magic) + "\"; remove it");
    }

    /** @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} if the file is of another major version */
    static void requireMajor(ByteBuffer start, int major, Path path) {
        int found = start.limit() < RingLayout.MINOR_OFFSET + Short.BYTES
                ? -1
                : start.getShort(RingLayout.MAJOR_OFFSET) & 0xFFFF;
        if (found != major) {
            int minor = found < 0 ? -1 : start.getShort(RingLayout.MINOR_OFFSET) & 0xFFFF;
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " has layout " + (found < 0 ? "none" : found + "." + minor) + " and this library reads "
                            + major
                            + ".x; use one version of reactive-ipc in all processes, or another directory for each");
        }
    }

    private static String text(long magic) {
        byte[] bytes = new byte[Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(magic);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /**
     * Requires magic, major version and exact length.
     *
     * @throws IpcException with {@link ErrorCode#INCOMPATIBLE_FILE} naming both sides
     */
    public static void require(ByteBuffer start, long length, long magic, int major, long expected, Path path) {
        requireMagic(start, magic, path);
        requireMajor(start, major, path);
        if (length != expected) {
            throw new IpcException(
                    ErrorCode.INCOMPATIBLE_FILE,
                    path + " has " + length + " bytes and must have " + expected + "; remove it");
        }
    }
}
