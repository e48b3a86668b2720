package io.reactiveipc.uds;

final class MixedPlanesTest extends TwoPlanesContract {
    @Override
    String first() {
        return "epoll";
    }

    @Override
    String second() {
        return "nio";
    }
}
