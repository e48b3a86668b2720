package io.reactiveipc.shm;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;

/** Opens the shared-memory data plane; named in {@code META-INF/services}. */
public final class ShmDataPlaneProvider implements DataPlaneProvider {
    @Override
    public String name() {
        return "shm";
    }

    @Override
    public DataPlane open(NodeOptions options) {
        CrashPoint.requireValidProperty();
        RootDirectory root = RootDirectory.open(options.directory());
        NodeTable nodes = NodeTable.open(root);
        nodes.reaper().sweep();
        long patrolMillis = options.hasControlPlane() ? Conductor.RARE_PATROL_MILLIS : Conductor.PATROL_MILLIS;
        return new ShmDataPlane(options.name(), root, nodes, nodes.claim(options.name()), patrolMillis);
    }
}
