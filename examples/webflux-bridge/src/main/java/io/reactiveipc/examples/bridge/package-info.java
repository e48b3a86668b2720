/**
 * A web application that brings the stream of a local process to browsers, and their commands back to it.
 *
 * <p>{@link io.reactiveipc.examples.bridge.WebfluxBridge} starts either of the two processes: {@code feed} looks at the
 * machine and publishes, without Spring; {@code web} subscribes, serves and relays. This package holds what they agree on: two
 * streams and the records in them.
 */
@NullMarked
package io.reactiveipc.examples.bridge;

import org.jspecify.annotations.NullMarked;
