package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcNode;

/**
 * Changes how the application's node is opened: a bean of this type sets what no property can name, such as a transport, a
 * scheduler or a wait strategy of one's own. Called after the properties were applied, in the order of the beans.
 */
@FunctionalInterface
public interface IpcNodeCustomizer {
    void customize(IpcNode.Builder builder);
}
