package io.reactiveipc.examples;

/** A price, as the README's codec encodes it. */
record Quote(long id, double price) {}
