/** The inner steps of the library, each on its own. */
@NullMarked
package io.reactiveipc.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
