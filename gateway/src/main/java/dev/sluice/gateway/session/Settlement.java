// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

/** What the session's own book-keeping does once it is known whether the server did as asked. Exactly one of the two is called, once. */
interface Settlement {
    Settlement NONE = new Settlement() {};

    default void succeeded() {}

    default void failed() {}
}
