/** What a node's streams and its control plane know of each other. */
@NullMarked
package io.reactiveipc.internal.node;

import org.jspecify.annotations.NullMarked;
