/** The starter in contexts and applications as users have them, with real nodes and a real web server. */
@NullMarked
package io.reactiveipc.spring.boot;

import org.jspecify.annotations.NullMarked;
