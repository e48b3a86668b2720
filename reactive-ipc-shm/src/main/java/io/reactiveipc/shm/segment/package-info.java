/**
 * The files: where they are, how one comes to be complete or not at all, and what is checked before a foreign one is used.
 *
 * <pre>
 *   root/                      0700, of one user
 *     nodes.lock  nodes.tab
 *     topics/&lt;sha-256 of the stream's name&gt;/
 *       &lt;publication id&gt;-&lt;epoch&gt;.ring     mapped by its publisher for writing, by subscribers for reading
 *       &lt;publication id&gt;-&lt;epoch&gt;.subs     the subscribers' slots
 *       .tmp-&lt;node&gt;-&lt;n&gt;                   being written
 *     signals/&lt;sha-256 of the signal's name&gt;.sig
 *     ctl/&lt;node&gt;.sock
 * </pre>
 *
 * A file is written under a temporary name and linked to its final one when it is whole, so whoever finds a name finds a
 * complete file. A name is removed when its owner closes or is found dead; mappings outlive names.
 */
@NullMarked
package io.reactiveipc.shm.segment;

import org.jspecify.annotations.NullMarked;
