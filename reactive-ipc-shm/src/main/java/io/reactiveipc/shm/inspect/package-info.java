/**
 * A look at the files of a directory from outside, for people: of a live ring, a dead one, or what is left of it. Reads copies,
 * maps nothing, writes nothing, believes nothing.
 */
@NullMarked
package io.reactiveipc.shm.inspect;

import org.jspecify.annotations.NullMarked;
