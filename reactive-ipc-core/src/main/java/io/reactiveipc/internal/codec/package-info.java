/** The codecs that come with the library. Jackson is optional: only {@link io.reactiveipc.internal.codec.CborCodec} needs it. */
@NullMarked
package io.reactiveipc.internal.codec;

import org.jspecify.annotations.NullMarked;
