/** The contenders behind one interface: to add one, write one file and name it in {@code Peers}. */
@NullMarked
package io.reactiveipc.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
