// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What held statements would do, asked of a real server. */
final class ImpactIT extends ImpactCase {
    @Test
    void aDeleteIsCountedAndItsForeignKeysAreFollowed() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE country = 'NL'");

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.exactRows()).isEqualTo(50);
        assertThat(impact.estimatedRows()).isBetween(40L, 60L);
        assertThat(impact.cascades()).extracting(cascade -> cascade.table() + ": " + cascade.action()).containsExactlyInAnyOrder(
                "public.orders: deletes the rows that refer to it", "public.lines: sets the columns that refer to it to NULL",
                "public.invoices: refuses the statement while rows refer to it");
        assertThat(impact.triggers()).extracting(Impact.Trigger::name).containsExactly("orders_history");
        assertThat(impact.locks()).extracting(lock -> lock.mode() + " " + lock.table())
                .containsExactlyInAnyOrder("ROW EXCLUSIVE public.customers", "ROW EXCLUSIVE public.orders", "ROW EXCLUSIVE public.lines");
        assertThat(impact.tables().getFirst()).satisfies(table -> {
            assertThat(table.name()).isEqualTo("public.customers");
            assertThat(table.rows()).isEqualTo(100);
            assertThat(table.bytes()).isPositive();
            assertThat(table.reads()).containsExactly("country");
        });
    }

    @Test
    void theFirstRowsAreShownWithEveryMask() throws Exception {
        Impact impact = impact("UPDATE customers SET country = 'FR' WHERE id IN (3, 4, 5)");

        Impact.Sample sample = impact.sample();
        assertThat(sample.columns()).containsExactly("id", "email", "country");
        assertThat(sample.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.cells().get(1).masked()).isTrue();
            assertThat(row.cells().get(1).value()).doesNotContain("@");
        });
        assertThat(sample.whole()).isFalse();
        assertThat(impact.tables().getFirst().writes()).containsExactly("country");
        assertThat(impact.triggers()).isEmpty();
    }

    @Test
    void rowsThatAMaskedColumnChoosesAreNotShown() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE email LIKE 'c1%'");

        assertThat(impact.exactRows()).isEqualTo(12);
        assertThat(impact.sample()).isNull();
        assertThat(impact.missing()).singleElement().satisfies(missing -> assertThat(missing.reason()).contains("public.customers.email"));
    }

    @Test
    void parametersTakeTheirPlaces() throws Exception {
        Impact impact = impact(
                "DELETE FROM orders WHERE note = $2 AND id > $1 -- $3", new Parameter(23, "binary", "AAAAZA=="), new Parameter(25, "text", "again"));

        assertThat(impact.exactRows()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM orders USING customers c WHERE c.id = customer AND c.country = 'NL' | 55",
        "DELETE FROM customers USING orders o WHERE customers.id = o.customer AND o.note IN ('n', 'again') | 100",
        "UPDATE customers c SET country = o.note FROM orders o WHERE o.customer = c.id AND c.id <= 10 | 10",
        "WITH d AS (SELECT id FROM customers WHERE country = 'NL') DELETE FROM orders WHERE customer IN (SELECT id FROM d) | 55",
        "UPDATE orders SET note = upper(note) | 110",
        "DELETE FROM public.orders AS o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.country = 'DE') | 55",
    })
    void rowsAreCountedOnce(String sql, long expected) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.exactRows()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "DELETE FROM orders WHERE random() < 0.5",
        "DELETE FROM orders WHERE id = nextval('s')",
        "DELETE FROM dutch WHERE id = 2",
        "WITH gone AS (DELETE FROM lines RETURNING ordered) DELETE FROM orders WHERE id IN (SELECT ordered FROM gone)",
    })
    void whatCouldDoMoreThanReadIsNeverRun(String sql) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.exactRows()).isNull();
        assertThat(impact.sample()).isNull();
        assertThat(impact.missing()).extracting(Impact.Missing::part).contains("exactRows", "sample");
        assertThat(record.events).filteredOn(StatementDecided.class::isInstance).isNotEmpty().allSatisfy(
                event -> assertThat(((StatementDecided) event).query()).startsWith("EXPLAIN (FORMAT JSON) "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM orders WHERE own(id) | the function own is not PostgreSQL's own",
        "SELECT own(1) | the function own is not PostgreSQL's own",
        "UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM over_owned) | public.owned calls a function that is not PostgreSQL's own",
    })
    void whatThePlannerWouldRunIsNotPlanned(String sql, String objection) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.missing()).contains(new Impact.Missing("estimatedRows", "the planner may run functions, and before an approval it must not: " + objection));
        assertThat(impact.estimatedRows()).isNull();
        assertThat(impact.exactRows()).isNull();
        assertThat(record.events).noneMatch(StatementDecided.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CREATE OPERATOR === (FUNCTION = alike, LEFTARG = int, RIGHTARG = text) | DROP OPERATOR === (int, text)",
        "CREATE DOMAIN checked AS int CHECK (own(VALUE)) | DROP DOMAIN checked",
        "CREATE CAST (dutch AS int) WITH FUNCTION cast_dutch(dutch) | DROP CAST (dutch AS int)",
    })
    void whatIsCalledWithoutItsNameIsNotRunEither(String made, String gone) throws Exception {
        database.execute(made);
        try {
            Impact impact = impact("DELETE FROM orders WHERE id = 7");

            assertThat(impact.missing()).extracting(Impact.Missing::reason).hasSize(3).allMatch(
                    reason -> reason.endsWith("an operator, cast or domain of this database calls a function that is not PostgreSQL's own"));
            assertThat(record.events).noneMatch(StatementDecided.class::isInstance);
        } finally {
            database.execute(gone);
        }
    }

    @Test
    void namesMeanWhatTheyMeanInTheSession() throws Exception {
        Impact impact = impact("DELETE FROM customers", "other, public");

        assertThat(impact.tables().getFirst().name()).isEqualTo("other.customers");
        assertThat(impact.exactRows()).isZero();
    }

    @Test
    void aCountThatTakesTooLongIsGivenUp() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE (SELECT count(*) FROM customers a, customers b, customers c, customers d, customers e WHERE a.id + b.id > c.id + d.id + customers.id) > 3");

        assertThat(impact.exactRows()).isNull();
        assertThat(impact.missing()).extracting(Impact.Missing::reason).contains("it took too long");
        assertThat(impact.estimatedRows()).isNotNull();
    }

    @Test
    void droppingTellsWhatDependsOnIt() throws Exception {
        Impact impact = impact("DROP TABLE customers CASCADE");

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.dependents()).extracting(Impact.Dependent::object)
                .contains("view public.dutch", "view public.some_dutch").anyMatch(object -> object.startsWith("constraint orders_customer_fkey"));
        assertThat(impact.locks()).extracting(Impact.Lock::mode).containsExactly("ACCESS EXCLUSIVE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ALTER TABLE customers ALTER COLUMN id TYPE bigint | ACCESS EXCLUSIVE | written anew",
        "ALTER TABLE customers ADD COLUMN c int DEFAULT 3 | ACCESS EXCLUSIVE | no table is written anew",
        "ALTER TABLE customers ADD COLUMN c timestamptz DEFAULT clock_timestamp() | ACCESS EXCLUSIVE | row by row",
        "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers | SHARE ROW EXCLUSIVE | read whole",
        "CREATE INDEX ON customers (country) | SHARE | read whole",
    })
    void changesOfTablesTellTheirLocksAndWhetherTheyAreWrittenAnew(String sql, String lock, String rewrite) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.locks()).extracting(Impact.Lock::mode).contains(lock);
        assertThat(impact.rewrite()).contains(rewrite);
    }

    @Test
    void truncatingTellsWhichTablesGoToo() throws Exception {
        assertThat(impact("TRUNCATE customers CASCADE").cascades()).extracting(Impact.Cascade::table)
                .containsExactlyInAnyOrder("public.orders", "public.lines", "public.invoices");
    }

    @Test
    void everyStatementThatLooksAtDataIsRecordedBeforeAndAfter() throws Exception {
        Impact impact = impact("DELETE FROM orders WHERE id = 7");

        assertThat(impact.exactRows()).isEqualTo(1);
        assertThat(record.events.getFirst()).isInstanceOfSatisfying(
                SessionOpened.class, opened -> assertThat(opened.principal().issuer()).isEqualTo("sluice:gateway"));
        assertThat(record.events).filteredOn(StatementDecided.class::isInstance).hasSize(3);
        assertThat(record.events).filteredOn(StatementCompleted.class::isInstance).hasSize(3);
    }

    @Test
    void aViewLeadsToTheTableBehindIt() throws Exception {
        Impact impact = impact("DELETE FROM some_dutch WHERE id = 4");

        assertThat(impact.cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.orders", "public.lines", "public.invoices");
        assertThat(impact.triggers()).extracting(Impact.Trigger::name).containsExactly("orders_history");
        assertThat(impact.locks()).extracting(Impact.Lock::table).contains("public.some_dutch", "public.dutch", "public.customers", "public.orders");
        assertThat(impact("UPDATE renamed SET address = 'x'").triggers()).extracting(Impact.Trigger::name).containsExactly("email_changes");
        assertThat(impact("UPDATE renamed SET number = 1").cascades()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM acted | a trigger of the view public.acted acts instead",
        "DELETE FROM ruled | rules of the view public.ruled say what is done instead",
        "UPDATE events SET day = 11 | rows may move to other partitions",
        "DELETE FROM only_here | the session's search_path leads to no relation",
        "SELECT id FROM dutch FOR UPDATE | the tables behind the view public.dutch are locked too",
    })
    void whereTheWayCannotBeFollowedItSaysSo(String sql, String reason) throws Exception {
        assertThat(impact(sql).missing()).extracting(Impact.Missing::reason).anyMatch(each -> each.startsWith(reason));
    }

    @Test
    void partitionsAndHeirsAreChangedWithTheirTable() throws Exception {
        Impact impact = impact("DELETE FROM events WHERE day = 3");

        assertThat(impact.cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.notes", "public.marks");
        assertThat(impact.triggers()).extracting(trigger -> trigger.table() + "." + trigger.name())
                .containsExactlyInAnyOrder("public.events.every_event", "public.events_1.one_partition");
        assertThat(impact.locks()).extracting(Impact.Lock::table).contains("public.events_1", "public.notes", "public.marks");
        assertThat(impact("DELETE FROM events_1").triggers()).extracting(Impact.Trigger::name).containsExactlyInAnyOrder("every_event", "one_partition", "by_statement");
        assertThat(impact("DELETE FROM events_1").cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.notes", "public.marks");
        assertThat(impact("DELETE FROM lines").triggers()).extracting(Impact.Trigger::name).containsExactly("heirs_history");
        assertThat(impact("DELETE FROM ONLY lines").triggers()).isEmpty();
    }

    @Test
    void aTriggerThatIsDisabledOnTheTableFiresOnItsPartitions() throws Exception {
        database.execute("ALTER TABLE ONLY events DISABLE TRIGGER every_event");
        try {
            assertThat(impact("DELETE FROM events").triggers()).extracting(trigger -> trigger.table() + "." + trigger.name())
                    .containsExactlyInAnyOrder("public.events_1.every_event", "public.events_1.one_partition");
        } finally {
            database.execute("ALTER TABLE ONLY events ENABLE TRIGGER every_event");
        }
    }

    @Test
    void moreForeignKeysThanAreFollowedAreSaid() throws Exception {
        database.execute("""
                DO $$
                DECLARE copied pg_constraint;
                BEGIN
                    SELECT * INTO copied FROM pg_constraint WHERE conrelid = 'invoices'::regclass AND contype = 'f';
                    FOR i IN 1..20000 LOOP
                        copied.oid := 1000000 + i;
                        copied.conname := 'copied' || i;
                        INSERT INTO pg_constraint SELECT copied.*;
                    END LOOP;
                END $$
                """);
        try {
            assertThat(impact("TRUNCATE lines").missing())
                    .contains(new Impact.Missing("cascades", "there are more of them: only 20000 foreign keys of the database are followed"));
        } finally {
            database.execute("DELETE FROM pg_constraint WHERE conname LIKE 'copied%'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "INSERT INTO customers VALUES (1, 'x', 'NL') ON CONFLICT (id) DO UPDATE SET email = 'y'",
        "MERGE INTO customers c USING orders o ON c.id = o.customer WHEN MATCHED THEN UPDATE SET email = o.note WHEN NOT MATCHED THEN INSERT (id) VALUES (o.id)",
        "WITH changed AS (UPDATE customers SET email = NULL RETURNING id) SELECT * FROM changed",
        "WITH changed AS (UPDATE customers SET email = NULL RETURNING id) DELETE FROM lines WHERE id IN (SELECT id FROM changed)",
    })
    void columnsAreKnownWhereverTheyAreSet(String sql) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.triggers()).extracting(Impact.Trigger::name).contains("email_changes");
        assertThat(impact.locks()).extracting(lock -> lock.mode() + " " + lock.table()).contains("ROW EXCLUSIVE public.customers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM lines; DELETE FROM orders | exactRows | the text has several statements, or none",
        "COPY orders FROM STDIN | estimatedRows | the rows are not there before the client sends them",
        "COPY (SELECT * FROM orders) TO STDOUT | exactRows | the rows that COPY would send are not counted",
        "CALL proc(1) | cascades | it runs code, and what that does is not looked into",
        "DO 'BEGIN END' | locks | it runs code, and what that does is not looked into",
        "EXECUTE something(1) | tables | it runs what was prepared under a name, and that is not looked into",
        "SELECT own(1) | triggers | it calls functions that may do more than compute, and what they do is not looked into: own",
        "SELECT pg_terminate_backend(1) | tables | it calls functions that may do more than compute, and what they do is not looked into: pg_terminate_backend",
        "WITH gone AS (DELETE FROM lines RETURNING id) SELECT * FROM gone | estimatedRows | rows that commands in its WITH clause change are not among them",
        "CREATE TABLE copied AS SELECT * FROM orders | exactRows | the rows that its query brings are not counted",
    })
    void whatIsNotLookedIntoIsSaid(String sql, String part, String reason) throws Exception {
        assertThat(impact(sql).missing()).contains(new Impact.Missing(part, reason));
    }

    @Test
    void rowsThatAreCopiedInFireTriggers() throws Exception {
        assertThat(impact("COPY marks FROM STDIN").triggers()).extracting(Impact.Trigger::name).containsExactly("marks_arrive");
    }

    @Test
    void whatCannotBeAskedForWantOfARecordIsSaid() throws Exception {
        record.refuseQuestions();

        assertThat(impact("DELETE FROM orders").missing()).extracting(Impact.Missing::part).contains("tables", "cascades", "triggers", "locks", "estimatedRows");
    }
}
