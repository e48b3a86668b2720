/** Notifications without payload: a counter in shared memory on one side, a coalescing Flux on the other. */
@NullMarked
package io.reactiveipc.internal.signal;

import org.jspecify.annotations.NullMarked;
