/**
 * What a node makes of its peers: {@link io.reactiveipc.uds.session.Peers} holds one state machine per peer incarnation, fed
 * by {@link io.reactiveipc.uds.session.Link connections} and by the host's word on who is alive. No sockets here: a {@link
 * io.reactiveipc.uds.session.Wire} sends, a {@link io.reactiveipc.uds.session.Dialer} connects. Everything runs on one
 * executor, time comes from one scheduler.
 */
@NullMarked
package io.reactiveipc.uds.session;

import org.jspecify.annotations.NullMarked;
