// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

/**
 * Why a request was not served, as RFC 9457 has it.
 *
 * @param code becomes the type, {@code urn:sluice:problem:<code>}; never changes, so that programs can tell problems apart by it
 * @param title the same for every occurrence
 * @param detail about this occurrence: what is wrong with what, and the way out
 */
record Problem(int status, String code, String title, String detail) {
    static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "The request can't be understood", detail);
    }

    static Problem notFound(String approvalId) {
        return new Problem(
                404, "no-such-approval", "No such approval", "There is no approval '" + approvalId + "', or you are not among those who may see it.");
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "unavailable", "Not available at the moment", detail);
    }
}
