/** Tests of the second JVM, and the programs they run in it. */
@NullMarked
package io.reactiveipc.test.process;

import org.jspecify.annotations.NullMarked;
