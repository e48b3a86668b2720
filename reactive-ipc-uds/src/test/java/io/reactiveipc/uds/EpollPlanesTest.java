package io.reactiveipc.uds;

final class EpollPlanesTest extends TwoPlanesContract {
    @Override
    String first() {
        return "epoll";
    }

    @Override
    String second() {
        return "epoll";
    }
}
