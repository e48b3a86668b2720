/**
 * The control plane over Unix domain sockets: one socket per node incarnation, one connection per pair of nodes that share a
 * stream. {@link io.reactiveipc.uds.UdsControlPlaneProvider} is all that an application may ever name; below it: {@code
 * protocol} is what is said, {@code session} what is made of it.
 */
@NullMarked
package io.reactiveipc.uds;

import org.jspecify.annotations.NullMarked;
