/** The turnstile under jcstress. */
@NullMarked
package io.reactiveipc.internal.poll;

import org.jspecify.annotations.NullMarked;
