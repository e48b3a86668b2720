/** The bound: the same exchange in C, on fixed slots of a shared mapping. */
@NullMarked
package io.reactiveipc.benchmarks.limit;

import org.jspecify.annotations.NullMarked;
