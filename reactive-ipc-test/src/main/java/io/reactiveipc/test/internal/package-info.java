/** What the in-memory host and the JUnit extension share: how leaks are worded, and a consumer to watch another by. */
@NullMarked
package io.reactiveipc.test.internal;

import org.jspecify.annotations.NullMarked;
