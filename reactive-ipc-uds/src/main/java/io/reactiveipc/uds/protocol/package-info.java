/**
 * What goes over a control connection: {@link io.reactiveipc.uds.protocol.Frame} names the frames, {@link
 * io.reactiveipc.uds.protocol.FrameEncoder} and {@link io.reactiveipc.uds.protocol.FrameDecoder} turn them into bytes and
 * back. Pure code without threads or sockets; docs/spec/control-protocol.md is its specification.
 */
@NullMarked
package io.reactiveipc.uds.protocol;

import org.jspecify.annotations.NullMarked;
