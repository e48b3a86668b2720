/** A second process for a test: {@link io.reactiveipc.test.process.SecondJvm}. */
@NullMarked
package io.reactiveipc.test.process;

import org.jspecify.annotations.NullMarked;
