/**
 * The shared-memory data plane. {@link io.reactiveipc.shm.ShmDataPlaneProvider} is all that an application may ever name;
 * below it: {@code ring} is the protocol, {@code layout} every offset, {@code segment} the files, {@code node} who is alive.
 */
@NullMarked
package io.reactiveipc.shm;

import org.jspecify.annotations.NullMarked;
