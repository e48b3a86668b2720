/**
 * What holds on every transport, written against the public API: {@link io.reactiveipc.contract.DataPlaneContract} and its parts,
 * and {@link io.reactiveipc.contract.ControlPlaneContract}. {@code SharedMemoryTest} and {@code InMemoryTest} run all of it; the
 * tests of another transport do the same with its own {@link io.reactiveipc.contract.Transport}. The other tests hold what
 * shared memory promises beyond that.
 */
@NullMarked
package io.reactiveipc.contract;

import org.jspecify.annotations.NullMarked;
