package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.examples.bridge.Snapshot;

/** A snapshot with its JSON, which is written once for all browsers. */
record Frame(Snapshot snapshot, String json) {}
