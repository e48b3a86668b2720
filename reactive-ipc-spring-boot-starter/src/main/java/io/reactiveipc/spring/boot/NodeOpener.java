package io.reactiveipc.spring.boot;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.FileSystemUtils;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Opens the application's node. Where the directory cannot be used and the node is optional, it opens one that is alone, in
 * a temporary directory that goes with the application; then whoever needs a node has one, and health tells the difference.
 */
final class NodeOpener implements DisposableBean {
    private static final Logger LOG = Loggers.getLogger(NodeOpener.class);
    private static final int MAX_POLL_THREADS = 16;

    /** What a directory, and not a mistake of the application, may be the cause of. */
    private static final Set<ErrorCode> OF_THE_DIRECTORY =
            Set.of(ErrorCode.DIRECTORY, ErrorCode.STORAGE, ErrorCode.INCOMPATIBLE_FILE, ErrorCode.TOO_MANY_NODES);

    private final IpcProperties properties;
    private final List<IpcNodeCustomizer> customizers;
    private final @Nullable String applicationName;
    private @Nullable IpcException refusal;
    private @Nullable Path refuge;

    NodeOpener(IpcProperties properties, List<IpcNodeCustomizer> customizers, @Nullable String applicationName) {
        this.properties = properties;
        this.customizers = customizers;
        this.applicationName = applicationName;
    }

    /**
     * @throws InvalidConfigurationPropertyValueException naming the property, its value and the repair
     * @throws IpcException as {@link IpcNode.Builder#build()}, except for a directory that may be unusable
     */
    synchronized IpcNode open() {
        check();
        try {
            return configured().build();
        } catch (IpcException e) {
            if (!properties.optional() || !OF_THE_DIRECTORY.contains(e.code())) {
                throw e;
            }
            return openAlone(e);
        }
    }

    private IpcNode openAlone(IpcException reason) {
        try {
            refuge = Files.createTempDirectory("reactive-ipc-alone-").toRealPath(); // for our user only
        } catch (IOException e) {
            reason.addSuppressed(e);
            throw reason;
        }
        IpcNode node = configured().directory(refuge).build();
        refusal = reason;
        LOG.warn(
                "node {} is alone, and its streams reach no other process: {}. The application starts because {}.optional"
                        + " is true",
                node.name(),
                reason.getMessage(),
                IpcProperties.PREFIX);
        return node;
    }

    /** Why the node is alone, or null if it is not. */
    synchronized @Nullable IpcException refusal() {
        return refusal;
    }

    private IpcNode.Builder configured() {
        IpcNode.Builder builder = IpcNode.builder()
                .heartbeat(properties.heartbeat())
                .staleAfter(properties.staleAfter())
                .pollThreads(properties.pollThreads())
                .waitStrategy(properties.waitStrategy().strategy());
        if (properties.name() != null) {
            builder.name(properties.name());
        } else if (applicationName != null && !applicationName.isBlank()) {
            builder.name(applicationName + "-" + ProcessHandle.current().pid());
        }
        if (properties.directory() != null) {
            builder.directory(properties.directory());
        }
        if (!properties.controlPlane()) {
            builder.withoutControlPlane();
        }
        customizers.forEach(customizer -> customizer.customize(builder));
        return builder;
    }

    private void check() {
        String name = properties.name();
        require(name == null || !name.isBlank(), "name", name, "It must not be blank: name the node, or remove it.");
        require(
                !properties.heartbeat().isNegative(),
                "heartbeat",
                properties.heartbeat(),
                "It must be zero, for never, or positive: 500ms for example.");
        require(
                properties.heartbeat().isZero() || properties.staleAfter().compareTo(properties.heartbeat()) > 0,
                "stale-after",
                properties.staleAfter(),
                "It must be longer than " + IpcProperties.PREFIX + ".heartbeat, which is " + properties.heartbeat()
                        + ": four times as long for example.");
        require(
                properties.pollThreads() >= 1 && properties.pollThreads() <= MAX_POLL_THREADS,
                "poll-threads",
                properties.pollThreads(),
                "It must be 1 to " + MAX_POLL_THREADS + "; one serves most applications.");
        require(
                !properties.drainTimeout().isNegative(),
                "drain-timeout",
                properties.drainTimeout(),
                "It must be zero, for not waiting, or positive: 5s for example.");
    }

    private static void require(boolean right, String property, @Nullable Object value, String repair) {
        if (!right) {
            throw new InvalidConfigurationPropertyValueException(IpcProperties.PREFIX + "." + property, value, repair);
        }
    }

    /** After the node, which was made of this bean, was closed. */
    @Override
    public synchronized void destroy() throws IOException {
        if (refuge != null) {
            FileSystemUtils.deleteRecursively(refuge);
        }
    }
}
