/**
 * The whole as its users run it: data plane and control plane joined, in real processes that are started in any order,
 * stopped, killed and cut off from each other. Runs with Netty's native sockets and Agrona's buffers, and once more with the
 * JDK's sockets and without a JVM flag.
 */
@NullMarked
package io.reactiveipc.system;

import org.jspecify.annotations.NullMarked;
