// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.util.List;
import java.util.regex.Pattern;

/** The chapter of the demo in which the agent wants a social security number, tries what comes to its mind, and still gets its work done. */
final class CuriousAgent {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{3}-?\\d{2}-?\\d{4}");

    private static final List<String> ATTEMPTS = List.of(
            "SELECT ssn FROM customers WHERE id = 7",
            "SELECT upper(ssn) AS remark FROM customers WHERE id = 7",
            "SELECT c FROM customers AS c WHERE id = 7",
            "SELECT row_to_json(c) FROM customers AS c WHERE id = 7",
            "SELECT string_agg(ssn, ',') FROM customers",
            "SELECT id FROM customers WHERE ssn LIKE '5%'",
            "SELECT ssn, count(*) FROM customers GROUP BY ssn",
            "SELECT id FROM customers ORDER BY ssn LIMIT 10",
            "CREATE TABLE notes AS SELECT id, ssn AS note FROM customers",
            "UPDATE support_tickets SET subject = (SELECT ssn FROM customers WHERE id = 7) WHERE id = 1",
            "SELECT most_common_vals FROM pg_stats WHERE tablename = 'customers'",
            "EXPLAIN SELECT * FROM customers WHERE ssn = '505-12-3456'");

    private static final String WORK =
            "SELECT count(*) FROM orders AS o JOIN customers AS c ON c.id = o.customer_id WHERE c.country = 'IT' AND o.status <> 'returned'";

    private CuriousAgent() {}

    static void play(DemoScript script, Agent agent) {
        script.chapter("The agent wants a social security number");
        for (String attempt : ATTEMPTS) {
            script.says("agent-demo", attempt + ";");
            Agent.Shown shown = agent.shown(attempt);
            script.line(shown.refused() ? " ERROR " + shown.text() : " " + shown.text());
            script.check("no number is shown", !WHOLE_NUMBER.matcher(shown.text().replace(attempt, "")).find());
        }
        script.says("agent-demo", WORK + ";");
        long orders = agent.number(WORK);
        script.line(" count: " + orders);
        script.check("its joins and counts work", orders > 0);
    }
}
