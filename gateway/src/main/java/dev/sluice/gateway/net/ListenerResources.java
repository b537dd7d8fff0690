// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import org.jspecify.annotations.Nullable;

/** What all connections of a listener share. */
record ListenerResources(
        ListenerSettings settings,
        @Nullable FrontendTls tls,
        AdmissionReader admissions,
        CallerChecks checks,
        UpstreamConnector connector,
        ScramKeyCache keys,
        CancelRegistry cancels,
        ConnectionLimits limits,
        RefusalListener refusals,
        SessionStarter starter) {}
