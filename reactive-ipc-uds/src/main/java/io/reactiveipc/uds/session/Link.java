package io.reactiveipc.uds.session;

import io.netty.buffer.ByteBuf;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.protocol.FailureCode;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameDecoder;
import io.reactiveipc.uds.protocol.Protocol;
import io.reactiveipc.uds.protocol.ProtocolViolation;
import io.reactiveipc.uds.protocol.Refusal;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One connection, dialled or accepted: its handshake, and its frames on their way to the peer's session. The transport calls
 * {@link #opened}, {@link #received}, {@link #writable} and {@link #closed} on the control executor.
 *
 * <pre>
 * state         on                                   goes to       and
 * OPENING       opened, dialled                      GREETING      sends HELLO
 *               opened, accepted                     GREETING      waits for HELLO
 *               opened, foreign uid                  ENDED         sends REFUSED(UID) if accepted
 * GREETING      HELLO that is accepted               ESTABLISHED   sends WELCOME
 *               HELLO that is not                    ENDED         sends REFUSED
 *               WELCOME of the node dialled          ESTABLISHED
 *               REFUSED                              ENDED
 *               anything else, or nothing in time    ENDED         sends FAILURE
 *               this node leaves, dialled            LEAVING       sends GOODBYE
 * ESTABLISHED   a frame for the session              ESTABLISHED
 *               HELLO, WELCOME, REFUSED, a violation ENDED         sends FAILURE
 *               FAILURE, end of the connection       ENDED
 *               this node leaves                     LEAVING       sends GOODBYE
 * LEAVING       GOODBYE, end of the connection       ENDED         so the peer has read ours
 * </pre>
 */
public final class Link {
    private enum State {
        OPENING,
        GREETING,
        ESTABLISHED,
        LEAVING,
        ENDED
    }

    private static final int WAKES_PER_FRAME = 10;

    private final Peers peers;
    private final @Nullable PeerSession dialledFor;
    private final FrameDecoder decoder = new FrameDecoder();
    private final Allowance frames;
    private final Allowance wakes;
    private State state = State.OPENING;
    private @Nullable Wire wire;
    private @Nullable PeerSession session;
    private Disposable deadline = Disposables.disposed();

    Link(Peers peers, @Nullable PeerSession dialledFor) {
        this.peers = peers;
        this.dialledFor = dialledFor;
        long now = peers.timers().nanos();
        this.frames = new Allowance(peers.limits().framesPerSecond(), now);
        this.wakes = new Allowance(peers.limits().framesPerSecond() * WAKES_PER_FRAME, now);
    }

    /** The connection exists. */
    public void opened(Wire wire) {
        this.wire = wire;
        if (state == State.ENDED) {
            wire.close();
            return;
        }
        state = State.GREETING;
        String foreign = wire.foreignOwner();
        if (foreign != null) {
            foreign(foreign);
            return;
        }
        if (dialledFor != null) {
            wire.send(new Frame.Hello(
                    Protocol.MAJOR,
                    Protocol.MINOR,
                    dialledFor.node(),
                    peers.host().self()));
        }
        deadline = peers.timers()
                .after(
                        peers.limits().handshakeTimeout().toNanos(),
                        () -> fail(
                                FailureCode.TIMEOUT,
                                "no handshake within " + peers.limits().handshakeTimeout()));
    }

    /** Bytes came in. The caller keeps its reference. */
    public void received(ByteBuf bytes) {
        if (state == State.ENDED) {
            return;
        }
        try {
            decoder.feed(bytes, this::accept);
        } catch (ProtocolViolation e) {
            fail(e.code(), e.getMessage());
        }
    }

    /** The backlog of unsent frames is gone. */
    public void writable() {
        if (state == State.ESTABLISHED && session != null) {
            session.writable(this);
        }
    }

    /** The connection ended, or could not be opened. Idempotent. */
    public void closed() {
        end();
        peers.ended(this);
        if (dialledFor != null) {
            dialledFor.ended(this);
        }
        if (session != null && session != dialledFor) {
            session.ended(this);
        }
    }

    /** Whether this node made the connection. */
    boolean dialled() {
        return dialledFor != null;
    }

    boolean canSend() {
        return state == State.ESTABLISHED && wire != null && wire.writable();
    }

    boolean flushed() {
        return wire != null && wire.flushed();
    }

    /** All of them leave together. */
    void send(Frame... frames) {
        if (wire != null && state == State.ESTABLISHED) {
            wire.send(frames);
        }
    }

    /** Sends a last frame, if there is one, and closes. */
    void close(@Nullable Frame last) {
        if (state == State.ENDED) {
            return;
        }
        end();
        if (wire != null) {
            if (last != null) {
                wire.send(last);
            }
            wire.close();
        }
    }

    /** Sends a last frame and leaves it to the peer to close, so that it reads all of it; the transport sees to the rest. */
    void leave(Frame.Goodbye goodbye) {
        // Behind a HELLO too: the peer may have accepted it already.
        if (wire != null && (state == State.ESTABLISHED || state == State.GREETING)) {
            wire.send(goodbye);
            deadline.dispose();
            state = State.LEAVING;
        } else {
            close(null);
        }
    }

    void fail(FailureCode code, String text) {
        peers.complaints().warn("closing the control connection with " + name() + ": " + code + ", " + text);
        punish();
        close(new Frame.Failure(code, text));
    }

    private void end() {
        state = State.ENDED;
        deadline.dispose();
    }

    private void accept(Frame frame) {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.LEAVING) {
            if (frame instanceof Frame.Goodbye) {
                close(null);
            }
        } else if (!(frame instanceof Frame.Wake ? wakes : frames)
                .take(peers.timers().nanos())) {
            fail(FailureCode.FLOOD, "more than " + peers.limits().framesPerSecond() + " frames within a second");
        } else if (state == State.ESTABLISHED) {
            established(frame);
        } else if (dialledFor != null) {
            answered(dialledFor, frame);
        } else {
            greeted(frame);
        }
    }

    private void greeted(Frame frame) {
        if (frame instanceof Frame.Hello hello) {
            Frame.Refused refused = peers.objection(hello);
            if (refused == null) {
                establish(peers.session(hello.from().node()), hello.from());
            } else {
                close(refused);
            }
        } else if (frame instanceof Frame.OtherMajor other) {
            close(new Frame.Refused(Refusal.VERSION, versions(other)));
            peers.complaints().warn("refused a control connection: " + versions(other));
        } else {
            fail(FailureCode.UNEXPECTED, "the first frame must be HELLO and not " + frame);
        }
    }

    private void answered(PeerSession expecting, Frame frame) {
        if (frame instanceof Frame.Welcome welcome) {
            if (welcome.from().node().equals(expecting.node())) {
                establish(expecting, welcome.from());
            } else {
                fail(FailureCode.UNEXPECTED, "its socket is held by another node, " + welcome.from());
            }
        } else if (frame instanceof Frame.Refused refused) {
            end();
            expecting.refused(refused.code(), refused.text());
            close();
        } else if (frame instanceof Frame.OtherMajor other) {
            close(null);
            expecting.refused(Refusal.VERSION, versions(other));
        } else if (frame instanceof Frame.Failure failure) {
            failed(failure);
        } else if (!(frame instanceof Frame.Unknown)) {
            fail(FailureCode.UNEXPECTED, "the answer to HELLO must be WELCOME or REFUSED and not " + frame);
        }
    }

    private void establish(PeerSession with, PeerInfo peer) {
        deadline.dispose();
        state = State.ESTABLISHED;
        session = with;
        if (dialledFor == null) {
            send(new Frame.Welcome(Protocol.MAJOR, Protocol.MINOR, peers.host().self()));
        }
        with.established(this, peer);
    }

    private void established(Frame frame) {
        if (frame instanceof Frame.Failure failure) {
            failed(failure);
        } else if (frame instanceof Frame.Hello
                || frame instanceof Frame.Welcome
                || frame instanceof Frame.Refused
                || frame instanceof Frame.OtherMajor) {
            fail(FailureCode.UNEXPECTED, "a second handshake: " + frame);
        } else if (session != null) {
            session.received(this, frame);
        }
    }

    private void failed(Frame.Failure failure) {
        peers.complaints().warn(name() + " closes the control connection: " + failure.code() + ", " + failure.text());
        punish();
        close(null);
    }

    /** Before the connection is closed: its end has the session dial again. */
    private void punish() {
        PeerSession known = session != null ? session : dialledFor;
        if (known != null) {
            known.punish();
        }
    }

    private void foreign(String why) {
        peers.complaints().warn("refused a control connection with " + name() + ": " + why);
        if (dialledFor == null) {
            close(new Frame.Refused(Refusal.UID, why));
        } else {
            close(null);
            dialledFor.refused(Refusal.UID, why);
        }
    }

    private void close() {
        if (wire != null) {
            wire.close();
        }
    }

    private String name() {
        PeerSession known = session != null ? session : dialledFor;
        return known == null ? "an unknown process" : known.toString();
    }

    private static String versions(Frame.OtherMajor other) {
        return "it speaks version " + other.major() + "." + other.minor() + " of the control protocol, this node "
                + Protocol.MAJOR + "." + Protocol.MINOR + "; use one major version of the library in all processes";
    }
}
