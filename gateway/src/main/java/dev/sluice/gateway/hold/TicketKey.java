// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.StatementDigest;
import java.util.ArrayList;
import java.util.List;

/** What makes two statements the same one: text (as it was sent, not as it is shown), parameters, role, search_path, target, database, and who asks. */
final class TicketKey {
    private TicketKey() {}

    /** 64 hexadecimal digits. */
    static String of(StatementHeld hold) {
        Principal requester = hold.requester();
        var whatElse = new ArrayList<>(List.of(
                hold.target(),
                requester.subject(),
                requester.issuer(),
                requester.onBehalfOf() == null ? "" : "for " + requester.onBehalfOf(),
                requester.method().name()));
        whatElse.addAll(StatementDigest.unseen(hold));
        return StatementDigest.of(
                hold.query(),
                hold.parameters(),
                String.valueOf(hold.role()),
                hold.database(),
                String.valueOf(hold.searchPath()),
                whatElse.toArray(String[]::new));
    }
}
