// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server what the objects look like that a held statement names, as the session resolves the names: when the hold begins, and again before
 * the statement goes. It reads catalogs alone, takes no lock on what the statement names, and calls and compares by nothing that a search_path
 * could put in the place of PostgreSQL's own.
 *
 * <p>To plan it takes the server ten times as long as to answer it, and at its second time people have answered and the client waits. So it stays prepared
 * in between, and has its names written into it: a statement with parameters would be planned anew for each of its first five executions.
 */
final class ObjectsInquiry extends Inquiry {
    static final String NAME = "sluice_objects";
    private static final int MAX_ANSWER = 4 << 20;
    /** Tag, length, and the number of columns. */
    private static final int ROW_HEADER = 7;

    /**
     * Two columns: a name, and a digest of everything about it that may change what the statement does. Along with what is named there is what it
     * leads to: through views and rules, to partitions and heirs, and to the tables that foreign keys change too. Beyond 200 tables, one digest
     * stands for the others.
     *
     * <p>In the place of $1 to $4 stand arrays: schemas and names of relations, schemas and names of functions; a schema is null where the search_path decides.
     */
    static final String QUESTION = operatorsBound("""
            WITH RECURSIVE path AS MATERIALIZED (
                SELECT s.oid, p.place FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY p(name, place)
                JOIN pg_catalog.pg_namespace s ON s.nspname = p.name),
            named AS (
                SELECT (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace LEFT JOIN path ON path.oid = s.oid
                    WHERE c.relname = a.name::pg_catalog.name
                        AND CASE WHEN a.schema IS NULL THEN path.place IS NOT NULL
                                 WHEN a.schema = 'pg_temp' THEN s.oid = pg_catalog.pg_my_temp_schema()
                                 ELSE s.nspname = a.schema::pg_catalog.name END
                    ORDER BY path.place LIMIT 1) AS oid
                FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) a(schema, name)),
            reached AS (
                SELECT named.oid FROM named WHERE named.oid IS NOT NULL
                UNION
                SELECT next.oid FROM reached r CROSS JOIN LATERAL (
                    SELECT d.refobjid FROM pg_catalog.pg_rewrite w
                    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
                        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    WHERE w.ev_class = r.oid
                    UNION ALL
                    SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.oid
                    UNION ALL
                    SELECT k.conrelid FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint AND k.confrelid = t.tgrelid
                    WHERE t.tgrelid = r.oid AND (k.confdeltype = 'c' OR k.confdeltype = 'n' OR k.confdeltype = 'd'
                        OR k.confupdtype = 'c' OR k.confupdtype = 'n' OR k.confupdtype = 'd')) next(oid)),
            looks AS (
                SELECT c.oid, pg_catalog.row_number() OVER (ORDER BY c.oid) AS place,
                    pg_catalog.concat_ws('.', pg_catalog.quote_ident(s.nspname), pg_catalog.quote_ident(c.relname)) AS name,
                    ROW(c.oid, c.relname, c.relnamespace, c.relkind, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relpartbound,
                        CASE WHEN c.relkind = 'v' THEN c.reloptions END,
                        (SELECT pg_catalog.string_agg(ROW(f.attnum, f.attname, f.atttypid, f.atttypmod, f.attnotnull, f.attisdropped, f.attidentity, f.attgenerated,
                                f.attcollation, f.attinhcount, d.adbin)::pg_catalog.text, ';' ORDER BY f.attnum)
                            FROM pg_catalog.pg_attribute f LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.attrelid AND d.adnum = f.attnum
                            WHERE f.attrelid = c.oid AND f.attnum > 0),
                        (SELECT pg_catalog.string_agg(pg_catalog.to_jsonb(k)::pg_catalog.text, ';' ORDER BY k.oid) FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid),
                        (SELECT pg_catalog.string_agg(ROW(t.oid, t.tgname, t.tgfoid, t.tgtype, t.tgenabled, t.tgconstrrelid, t.tgdeferrable, t.tgattr,
                                pg_catalog.encode(t.tgargs, 'hex'), t.tgqual, f.prosrc, f.proconfig, f.prosecdef, k.confdeltype, k.confupdtype)::pg_catalog.text, ';' ORDER BY t.oid)
                            FROM pg_catalog.pg_trigger t LEFT JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid LEFT JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint
                            WHERE t.tgrelid = c.oid),
                        (SELECT pg_catalog.string_agg(pg_catalog.to_jsonb(w)::pg_catalog.text, ';' ORDER BY w.oid) FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid),
                        (SELECT pg_catalog.string_agg(pg_catalog.to_jsonb(y)::pg_catalog.text, ';' ORDER BY y.oid) FROM pg_catalog.pg_policy y WHERE y.polrelid = c.oid)
                    )::pg_catalog.text AS look
                FROM (SELECT DISTINCT reached.oid FROM reached) each
                JOIN pg_catalog.pg_class c ON c.oid = each.oid JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace),
            shown AS (
                SELECT l.oid, CASE WHEN l.place > 200 THEN 'one of many tables' ELSE l.name END AS name, l.look FROM looks l
                UNION ALL
                SELECT p.oid, pg_catalog.concat_ws('.', 'function ' || pg_catalog.quote_ident(s.nspname), pg_catalog.quote_ident(p.proname)), pg_catalog.to_jsonb(p)::pg_catalog.text
                FROM unnest($3::pg_catalog.text[], $4::pg_catalog.text[]) a(schema, name)
                JOIN pg_catalog.pg_proc p ON p.proname = a.name::pg_catalog.name
                JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace LEFT JOIN path ON path.oid = s.oid
                WHERE (s.oid > 16383 OR s.nspname = 'public')
                    AND CASE WHEN a.schema IS NULL THEN path.place IS NOT NULL ELSE s.nspname = a.schema::pg_catalog.name END
                UNION ALL
                SELECT 0, 'the role', ROW(u.oid, u.rolname, u.rolsuper, u.rolbypassrls)::pg_catalog.text FROM pg_catalog.pg_roles u WHERE u.rolname = current_user
                UNION ALL
                SELECT 0, 'search_path', pg_catalog.current_setting('search_path'))
            SELECT name, pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(look, ';' ORDER BY oid), 'UTF8')), 'hex')
            FROM shown GROUP BY name
            """);

    private final Buffer question;
    private final int closes;
    private final Buffer rows = Buffer.buffer();
    private int closed;
    private boolean tooLong;

    private ObjectsInquiry(boolean synced, int closes, Buffer messages) {
        super(synced);
        this.closes = closes;
        this.question = messages.appendBuffer(synced ? FrontendEncoder.sync() : FrontendEncoder.flush());
    }

    /**
     * Asks, and leaves the question prepared.
     *
     * @param synced whether nothing has been sent since the last Sync
     */
    static ObjectsInquiry about(boolean synced, List<StatementFacts> statements) {
        // What was left behind before would be in the way.
        return new ObjectsInquiry(synced, 2, FrontendEncoder.close(Kind.STATEMENT, NAME).appendBuffer(FrontendEncoder.parse(NAME, textAbout(statements), List.of())).appendBuffer(execution()));
    }

    /** Asks the question that is prepared once more, and closes it. */
    static ObjectsInquiry again(boolean synced) {
        return new ObjectsInquiry(synced, 2, execution().appendBuffer(FrontendEncoder.close(Kind.STATEMENT, NAME)));
    }

    /** Closes the question that is prepared. There is no answer to it. */
    static ObjectsInquiry no(boolean synced) {
        return new ObjectsInquiry(synced, 1, FrontendEncoder.close(Kind.STATEMENT, NAME));
    }

    private static Buffer execution() {
        return FrontendEncoder.bind(NAME, NAME, List.of(), List.of()).appendBuffer(FrontendEncoder.execute(NAME, 0)).appendBuffer(FrontendEncoder.close(Kind.PORTAL, NAME));
    }

    private static String textAbout(List<StatementFacts> statements) {
        var relations = new LinkedHashSet<List<@Nullable String>>();
        var functions = new LinkedHashSet<List<@Nullable String>>();
        for (StatementFacts facts : statements) {
            for (RelationAccess relation : facts.relations()) {
                relations.add(pair(relation.schema(), relation.name()));
            }
            for (FunctionName function : facts.functions()) {
                functions.add(pair(function.schema(), function.name()));
            }
        }
        return text(List.of(array(relations, 0), array(relations, 1), array(functions, 0), array(functions, 1)));
    }

    /** @param arrays as {@link #QUESTION} wants them */
    static String text(List<String> arrays) {
        String text = QUESTION;
        for (int place = 0; place < arrays.size(); place++) {
            text = text.replace("$" + (place + 1), arrays.get(place));
        }
        return text;
    }

    private static String operatorsBound(String sql) {
        return sql.replace(" = ", " OPERATOR(pg_catalog.=) ").replace(" > ", " OPERATOR(pg_catalog.>) ").replace(" || ", " OPERATOR(pg_catalog.||) ");
    }

    private static List<@Nullable String> pair(@Nullable String schema, String name) {
        var pair = new ArrayList<@Nullable String>();
        pair.add(schema);
        pair.add(name);
        return pair;
    }

    private static String array(LinkedHashSet<List<@Nullable String>> pairs, int place) {
        return array(pairs.stream().map(pair -> pair.get(place)));
    }

    static String array(Stream<@Nullable String> values) {
        return values.map(ObjectsInquiry::element).collect(Collectors.joining(",", "ARRAY[", "]"));
    }

    /** As hexadecimal digits: there is no quoting that another client_encoding or standard_conforming_strings could undo. */
    private static String element(@Nullable String value) {
        return value == null ? "NULL" : "pg_catalog.convert_from(pg_catalog.decode('" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)) + "', 'hex'), 'UTF8')";
    }

    @Override
    Buffer question() {
        return question;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.DataRows data -> {
                tooLong |= rows.length() + data.raw().length() > MAX_ANSWER;
                rows.appendBuffer(tooLong ? Buffer.buffer() : data.raw());
                yield true;
            }
            case BackendMessage.CloseComplete complete -> {
                closed++;
                yield true;
            }
            case BackendMessage.ParseComplete complete -> true;
            case BackendMessage.BindComplete complete -> true;
            case BackendMessage.CommandComplete complete -> true;
            default -> false;
        };
    }

    @Override
    boolean isComplete() {
        return !synced && closed == closes;
    }

    /** Null when the server did not say. */
    @Nullable BoundObjects answer() {
        if (error() != null || tooLong || rows.length() == 0) {
            return null;
        }
        var looks = new TreeMap<String, String>();
        int at = 0;
        while (at + ROW_HEADER + Integer.BYTES <= rows.length()) {
            int length = rows.getInt(at + ROW_HEADER);
            int second = at + ROW_HEADER + Integer.BYTES + length;
            String name = rows.getBuffer(at + ROW_HEADER + Integer.BYTES, second).toString(StandardCharsets.UTF_8);
            looks.put(name, rows.getBuffer(second + Integer.BYTES, second + Integer.BYTES + rows.getInt(second)).toString(StandardCharsets.UTF_8));
            at += 1 + rows.getInt(at + 1);
        }
        return new BoundObjects(looks);
    }
}
