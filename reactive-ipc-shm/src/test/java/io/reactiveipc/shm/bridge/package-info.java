/** Publications and subscriptions from end to end: two nodes in one process, on real files. */
@NullMarked
package io.reactiveipc.shm.bridge;

import org.jspecify.annotations.NullMarked;
