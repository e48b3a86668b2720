/**
 * {@link io.reactiveipc.test.junit.IpcExtension} for JUnit 5: nodes in a directory of the test's own, or on a host in memory,
 * that are closed behind it, and a failure for what the test did not give back.
 */
@NullMarked
package io.reactiveipc.test.junit;

import org.jspecify.annotations.NullMarked;
