/**
 * Buffers behind Agrona's interfaces that need no JVM flag and outlive nothing: {@link
 * io.reactiveipc.internal.buffer.VarHandleBuffer} is the ring's memory where Agrona's own buffer cannot be used, {@link
 * io.reactiveipc.internal.buffer.ReadView} and {@link io.reactiveipc.internal.buffer.WriteView} are what users get to
 * touch of a ring, and stop working when their time is over. Long arrays go into it by {@link
 * io.reactiveipc.internal.buffer.NativeCopy}, and so does what was staged, by {@link
 * io.reactiveipc.internal.buffer.BufferCopy}. What can be said in terms of a few primitive accesses stands
 * once, in the two Composed interfaces.
 */
@NullMarked
package io.reactiveipc.internal.buffer;

import org.jspecify.annotations.NullMarked;
