package io.reactiveipc.shm.inspect;

import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.NodeLayout;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of {@code nodes.tab}, and what the locks say of them where the directory is one that can be asked. */
final class NodeDump {
    private final @Nullable ByteBuffer rows;
    private final @Nullable NodeTable locks;

    private NodeDump(@Nullable ByteBuffer rows, @Nullable NodeTable locks) {
        this.rows = rows;
        this.locks = locks;
    }

    static NodeDump of(RootDirectory directory) {
        return new NodeDump(rows(directory), locks(directory));
    }

    private static @Nullable ByteBuffer rows(RootDirectory directory) {
        try (FileCopy file = FileCopy.open(directory.nodesTable())) {
            return file.length() == NodeLayout.FILE_LENGTH ? file.read(0, NodeLayout.FILE_LENGTH) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Only of a directory that nodes use: in a copy of one, all locks are free. */
    private static @Nullable NodeTable locks(RootDirectory directory) {
        if (!Files.exists(directory.nodesTable()) || !Files.exists(directory.nodesLock())) {
            return null;
        }
        try {
            return NodeTable.open(RootDirectory.open(directory.path()));
        } catch (IpcException e) {
            return null;
        }
    }

    void write(StringBuilder out) {
        if (rows == null) {
            out.append("nodes: there is no table of them\n");
            return;
        }
        out.append("nodes\n");
        for (int row = 0; row < NodeLayout.ROW_COUNT; row++) {
            long word = rows.getLong(NodeLayout.rowOffset(row));
            if (NodeLayout.state(word) != NodeLayout.FREE) {
                out.append("  row ")
                        .append(row)
                        .append("  ")
                        .append(describe(row))
                        .append(", node ")
                        .append(uuid(row));
                out.append(", started ").append(started(row));
                out.append(NodeLayout.state(word) == NodeLayout.LIVE ? "" : ", being cleared away");
                out.append(", generation ").append(NodeLayout.generation(word)).append('\n');
            }
        }
    }

    /** The node of a row that somebody names: {@code "prices" (pid 4711), alive}. */
    String describe(int row) {
        if (rows == null) {
            return "unknown";
        }
        if (row < 0 || row >= NodeLayout.ROW_COUNT) {
            return "IMPOSSIBLE: rows are 0 to " + (NodeLayout.ROW_COUNT - 1);
        }
        int offset = NodeLayout.rowOffset(row);
        int length =
                Math.max(0, Math.min(NodeLayout.MAX_NAME_BYTES, rows.getInt(offset + NodeLayout.NAME_LENGTH_OFFSET)));
        String name = new String(rows.array(), offset + NodeLayout.NAME_OFFSET, length, StandardCharsets.UTF_8);
        return '"' + Printable.of(name) + "\" (pid " + rows.getLong(offset + NodeLayout.PID_OFFSET) + "), " + life(row);
    }

    /** The same of a row and the node that should be in it. */
    String describe(int row, UUID node) {
        if (rows == null || row < 0 || row >= NodeLayout.ROW_COUNT) {
            return describe(row);
        }
        return uuid(row).equals(node) ? describe(row) : "no longer in its row, so dead";
    }

    private String life(int row) {
        return locks == null ? "alive or not is unknown" : locks.dead(row) ? "DEAD: its lock is free" : "alive";
    }

    private UUID uuid(int row) {
        assert rows != null;
        int offset = NodeLayout.rowOffset(row);
        return new UUID(
                rows.getLong(offset + NodeLayout.UUID_HIGH_OFFSET), rows.getLong(offset + NodeLayout.UUID_LOW_OFFSET));
    }

    private String started(int row) {
        assert rows != null;
        return Instant.ofEpochMilli(rows.getLong(NodeLayout.rowOffset(row) + NodeLayout.START_TIME_OFFSET))
                .toString();
    }
}
