package io.reactiveipc.system;

import io.reactiveipc.IpcNode;
import io.reactiveipc.process.Children;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test's nodes in this JVM, closed after it, in a directory of its own. After a test that went well, no file is left but
 * those that stay.
 */
final class Nodes implements BeforeEachCallback, AfterEachCallback {
    private final Children children = new Children();
    private final Deque<IpcNode> open = new ArrayDeque<>();

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        children.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        closeAll();
        try {
            if (context.getExecutionException().isEmpty()
                    && !children.leftovers().isEmpty()) {
                throw new AssertionError("left behind: " + children.leftovers());
            }
        } finally {
            children.afterEach(context);
        }
    }

    IpcNode open(String name) {
        return open(name, builder -> {});
    }

    IpcNode open(String name, Consumer<IpcNode.Builder> options) {
        IpcNode.Builder builder = IpcNode.builder().directory(directory()).name(name);
        options.accept(builder);
        IpcNode node = builder.build();
        synchronized (open) {
            open.push(node);
        }
        return node;
    }

    void closeAll() {
        for (IpcNode node = open.poll(); node != null; node = open.poll()) {
            node.close();
        }
    }

    Path directory() {
        return children.directory();
    }

    Children files() {
        return children;
    }
}
