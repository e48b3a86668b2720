/** How a process wakes the poll loop of another one: a byte on a Unix domain socket. */
@NullMarked
package io.reactiveipc.shm.doorbell;

import org.jspecify.annotations.NullMarked;
