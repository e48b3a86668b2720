package io.reactiveipc.test.junit;

import io.reactiveipc.IpcNode;
import io.reactiveipc.test.InMemoryHost;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** What one test was given. On the test's thread only. */
final class TestResources {
    private final @Nullable Scheduler scheduler;
    private final Deque<IpcNode> nodes = new ArrayDeque<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable NodeDirectory directory;
    private @Nullable InMemoryHost host;

    /** @param scheduler of the nodes in memory, or null for their default */
    TestResources(@Nullable Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Nullable
    Scheduler scheduler() {
        return scheduler;
    }

    NodeDirectory directory() {
        if (directory == null) {
            directory = NodeDirectory.create();
        }
        return directory;
    }

    InMemoryHost host() {
        if (host == null) {
            host = scheduler == null ? InMemoryHost.create() : InMemoryHost.create(scheduler);
        }
        return host;
    }

    IpcNode node(String name, boolean inMemory) {
        IpcNode node = builder(name, inMemory).build();
        nodes.push(node);
        return node;
    }

    IpcNode.Builder builder(String name, boolean inMemory) {
        String unique = name;
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "-" + i;
        }
        return inMemory ? host().builder(unique) : directory().builder(unique);
    }

    /** Closes all nodes, and says what is left. */
    List<String> close() {
        nodes.forEach(IpcNode::close);
        List<String> leaks = new ArrayList<>();
        if (host != null) {
            host.close();
            leaks.addAll(host.leaks());
        }
        if (directory != null) {
            leaks.addAll(directory.leaks());
        }
        return leaks;
    }

    /** @return where the directory is that was not removed, or null */
    @Nullable
    Path removeDirectory(boolean remove) {
        if (directory == null) {
            return null;
        }
        if (remove) {
            directory.remove();
            return null;
        }
        return directory.path();
    }
}
