package io.reactiveipc.spi;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link io.reactiveipc.IpcNode.Builder} collected.
 *
 * @param name how the node calls itself in diagnostics
 * @param directory where the rings are, or null for the transport's default
 * @param waitStrategy how the poll loop waits
 * @param hasControlPlane whether something tells of the deaths of most peers at once, so that looking for them may be rare
 */
public record NodeOptions(String name, @Nullable Path directory, WaitStrategy waitStrategy, boolean hasControlPlane) {}
