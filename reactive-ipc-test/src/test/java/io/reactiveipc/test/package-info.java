/** Tests of the in-memory host, its virtual time and its faults. */
@NullMarked
package io.reactiveipc.test;

import org.jspecify.annotations.NullMarked;
