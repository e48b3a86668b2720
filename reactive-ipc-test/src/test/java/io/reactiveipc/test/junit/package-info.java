/** Tests of the JUnit extension, which run small tests of their own. */
@NullMarked
package io.reactiveipc.test.junit;

import org.jspecify.annotations.NullMarked;
