package io.reactiveipc.uds;

final class NioPlanesTest extends TwoPlanesContract {
    @Override
    String first() {
        return "nio";
    }

    @Override
    String second() {
        return "nio";
    }
}
