/**
 * The shipped classes of the ring under jcstress, one test for each ordering edge of docs/spec/memory-model.md that the
 * hardware at hand can show. In the ring's own package, to reach what is not public.
 */
@NullMarked
package io.reactiveipc.shm.ring;

import org.jspecify.annotations.NullMarked;
