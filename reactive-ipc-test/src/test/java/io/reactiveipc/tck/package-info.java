/** The Reactive Streams TCK, for both ends of a stream. */
@NullMarked
package io.reactiveipc.tck;

import org.jspecify.annotations.NullMarked;
