/**
 * The protocol of a ring: every fence and ordered access to shared memory, and nothing else. {@link
 * io.reactiveipc.shm.ring.RingWords} names them; {@code docs/spec/memory-model.md} argues each by its SYNC id.
 */
@NullMarked
package io.reactiveipc.shm.ring;

import org.jspecify.annotations.NullMarked;
