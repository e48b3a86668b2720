package io.reactiveipc.internal.send;

import io.reactiveipc.Claim;
import io.reactiveipc.internal.buffer.WriteView;
import io.reactiveipc.spi.RingProducer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** The publication's one claim, used again and again. Whoever holds it is inside the publication's turnstile. */
final class RingClaim implements Claim {
    static final String OVER = "the claim was committed or closed; claim again";

    private final WriterQueue<?> publication;
    private final WriteView view = new WriteView();
    private @Nullable RingProducer ring;
    private int length;

    RingClaim(WriterQueue<?> publication) {
        this.publication = publication;
    }

    void open(RingProducer claimedRing, int index, int claimedLength) {
        ring = claimedRing;
        length = claimedLength;
        view.bind(claimedRing.buffer(), index, claimedLength);
    }

    private RingProducer opened() {
        RingProducer claimedRing = ring;
        if (claimedRing == null) {
            throw new IllegalStateException(OVER);
        }
        return claimedRing;
    }

    @Override
    public MutableDirectBuffer buffer() {
        opened();
        return view;
    }

    @Override
    public int length() {
        opened();
        return length;
    }

    @Override
    public void commit() {
        commit(length);
    }

    @Override
    public void commit(int committedLength) {
        RingProducer claimedRing = opened();
        if (committedLength < 0 || committedLength > length) {
            throw new IllegalArgumentException("commit length must be 0 to " + length + ", as claimed: "
                    + committedLength + "; the claim is still open");
        }
        claimedRing.commit(committedLength);
        publication.committed();
        finish();
    }

    @Override
    public void close() {
        if (ring != null) {
            finish();
        }
    }

    private void finish() {
        ring = null;
        view.expire(OVER);
        publication.exitAndServe();
    }
}
