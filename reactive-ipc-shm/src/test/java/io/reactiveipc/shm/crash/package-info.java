/** What is done to whom at which {@link io.reactiveipc.shm.crash.CrashPoint}. */
@NullMarked
package io.reactiveipc.shm.crash;

import org.jspecify.annotations.NullMarked;
