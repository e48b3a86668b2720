/** Named places at which a test ends or holds its process; nothing in production. */
@NullMarked
package io.reactiveipc.shm.crash;

import org.jspecify.annotations.NullMarked;
