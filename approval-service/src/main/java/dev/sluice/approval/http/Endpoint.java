// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/** A route together with the rule of who may use it. There is no way to make a route without one. */
sealed interface Endpoint {
    HttpMethod method();

    /** As OpenAPI writes it, parameters in braces. */
    String path();

    /** For everybody, without a token. */
    record Public(HttpMethod method, String path, Handler handler) implements Endpoint {
        @FunctionalInterface
        interface Handler {
            void handle(RoutingContext context);
        }
    }

    /** For everybody with a token; what the answer contains depends on who asks. */
    record SignedIn(HttpMethod method, String path, Handler handler) implements Endpoint {
        @FunctionalInterface
        interface Handler {
            void handle(RoutingContext context, Caller caller);
        }
    }

    /** For members of the groups that see every approval. */
    record ForAdmins(HttpMethod method, String path, SignedIn.Handler handler) implements Endpoint {}

    /** For those who may see the approval that the path names. For others there is no such approval. */
    record OnApproval(HttpMethod method, String path, Handler handler) implements Endpoint {
        static final String PARAMETER = "approvalId";

        @FunctionalInterface
        interface Handler {
            void handle(RoutingContext context, Caller caller, Asked approval);
        }
    }
}
