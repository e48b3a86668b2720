/**
 * Every offset, size and magic of the files, and nothing else. All numbers are little-endian. A change here is a change of
 * the layout version: {@code LayoutPinTest} holds the values literally. How the words are ordered against each other is the
 * business of the ring, not of this package.
 */
@NullMarked
package io.reactiveipc.shm.layout;

import org.jspecify.annotations.NullMarked;
