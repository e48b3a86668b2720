/** What a measured process does: it sends, answers, counts. The same code for all contenders; it writes and verifies the payloads. */
@NullMarked
package io.reactiveipc.benchmarks.role;

import org.jspecify.annotations.NullMarked;
