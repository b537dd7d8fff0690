// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a person at the terminal is told when everything is ready: where things are, and lines to paste for each part in the story. */
final class Banner {
    private final Credentials credentials;
    private final StackOptions options;
    private final Path folder;

    Banner(Credentials credentials, StackOptions options, Path folder) {
        this.credentials = credentials;
        this.options = options;
        this.folder = folder;
    }

    /** Writes each token to a file of its own, since a line with a whole token in it cannot be read. */
    void writeTokens() {
        List<Credentials.Login> everybody = new ArrayList<>(credentials.approvers());
        everybody.add(credentials.agent());
        everybody.add(credentials.auditor());
        everybody.forEach(login -> PrivateFile.write(token(login), login.token() + "\n"));
    }

    String text() {
        Credentials.Urls urls = credentials.urls();
        HostPort gateway = new HostPort(credentials.gateway().host(), credentials.gateway().port());
        String approver = bearer(credentials.approvers().getFirst());
        String auditor = bearer(credentials.auditor());
        StringBuilder text = new StringBuilder();
        text.append(
                """

                Sluice quick start. NOT FOR PRODUCTION: no TLS, one broker, passwords in files of this machine.

                  PostgreSQL clients   %s
                  approval-service     %s
                  audit-service        %s
                  OpenID provider      %s
                  gateway control API  %s
                  configuration        %s
                  everything else      %s
                """
                        .formatted(gateway, urls.approval(), urls.audit(), urls.oidc(), urls.gateway(), folder.resolve("config"), folder));
        if (!options.listen().isLoopback() || !options.http().isLoopback()) {
            text.append("\n  WARNING: reachable from other machines, without TLS: tokens and passwords cross the network in the clear.\n");
        }
        text.append("\nAs a client:\n\n");
        if (options.targets().isEmpty()) {
            text.append("  ").append(psql(SampleDatabase.NAME)).append(" -c 'SELECT count(*) FROM orders'\n");
            text.append("  ").append(psql(SampleDatabase.NAME)).append(" -c 'DELETE FROM orders'   # waits until an approver has answered\n");
        } else {
            options.targets().forEach(target -> text.append("  ").append(client(target)).append("\n"));
        }
        text.append(
                """

                As an approver (%s):

                  curl -s -H %s '%s%s'   # the open ones, with their ids
                  curl -s -H %s '%s%s'   # one of them, with the statement and its digest
                  curl -s -H %s -H 'Content-Type: application/json' -d '%s' '%s%s'

                As an auditor (%s):

                  curl -s -H %s '%s%s'
                  curl -s -H %s '%s%s'
                  curl -s -H %s '%s%s'

                The same lines are in %s, the tokens as JSON in %s.
                """
                        .formatted(
                                credentials.approvers().getFirst().user(),
                                approver, urls.approval(), Endpoints.OPEN_APPROVALS,
                                approver, urls.approval(), Endpoints.approval("APPROVAL-ID"),
                                approver, Endpoints.APPROVE_BODY, urls.approval(), Endpoints.vote("APPROVAL-ID"),
                                credentials.auditor().user(),
                                auditor, urls.audit(), Endpoints.SESSIONS,
                                auditor, urls.audit(), Endpoints.timeline("SESSION-ID"),
                                auditor, urls.audit(), Endpoints.verification("SESSION-ID"),
                                folder.resolve("try-it.txt"),
                                folder.resolve("credentials.json")));
        if (options.targets().isEmpty()) {
            text.append("Or let it be played for you, in another terminal: deploy/quickstart/demo\n");
        }
        return text.toString();
    }

    private String client(Target target) {
        if (!target.passthrough()) {
            return psql(target.name());
        }
        String database = target.name().equals(Target.ANY) ? "YOUR-DATABASE" : target.name();
        return "psql 'host=%s port=%d dbname=%s user=YOUR-USER'".formatted(credentials.gateway().host(), credentials.gateway().port(), database);
    }

    private String psql(String database) {
        return "PGPASSWORD=\"$(cat %s)\" psql 'host=%s port=%d dbname=%s user=%s'"
                .formatted(quoted(token(credentials.agent())), credentials.gateway().host(), credentials.gateway().port(), database, credentials.agent().user());
    }

    private String bearer(Credentials.Login login) {
        return "\"Authorization: Bearer $(cat " + quoted(token(login)) + ")\"";
    }

    private Path token(Credentials.Login login) {
        return folder.resolve("tokens").resolve(login.user());
    }

    private static String quoted(Path file) {
        String path = file.toString();
        return path.matches("[A-Za-z0-9_./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
