// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Hidden;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Parts;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RecordedResult;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StandsFor;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.Timing;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the two events that every statement makes, field by field: the same bytes as the mapper gives, which goes by reflection and costs the event loop
 * several times as much. All other events are rare and left to the mapper. A field that is new in one of the two records has to be written here too; a
 * test that compares with the mapper fails until it is.
 */
final class StatementWriter {
    private static final SerializableString STATEMENT_ID = name("statementId");
    private static final SerializableString PROTOCOL = name("protocol");
    private static final SerializableString QUERY = name("query");
    private static final SerializableString QUERY_DIGEST = name("queryDigest");
    private static final SerializableString PARAMETERS = name("parameters");
    private static final SerializableString TYPE = name("type");
    private static final SerializableString FORMAT = name("format");
    private static final SerializableString VALUE = name("value");
    private static final SerializableString PARTS = name("parts");
    private static final SerializableString COUNT = name("count");
    private static final SerializableString BYTES = name("bytes");
    private static final SerializableString DIGEST = name("digest");
    private static final SerializableString FACTS = name("facts");
    private static final SerializableString KINDS = name("kinds");
    private static final SerializableString EFFECTS = name("effects");
    private static final SerializableString RELATIONS = name("relations");
    private static final SerializableString SCHEMA = name("schema");
    private static final SerializableString NAME = name("name");
    private static final SerializableString ACCESS = name("access");
    private static final SerializableString COLUMNS = name("columns");
    private static final SerializableString FUNCTIONS = name("functions");
    private static final SerializableString BOUNDED = name("bounded");
    private static final SerializableString UNDERSTOOD = name("understood");
    private static final SerializableString OUTCOME = name("outcome");
    private static final SerializableString RULE = name("rule");
    private static final SerializableString REASON = name("reason");
    private static final SerializableString ENFORCED = name("enforced");
    private static final SerializableString MASKS = name("masks");
    private static final SerializableString POLICY_VERSION = name("policyVersion");
    private static final SerializableString TRANSACTION_STATUS = name("transactionStatus");
    private static final SerializableString QUERY_PARTS = name("queryParts");
    private static final SerializableString TRACEPARENT = name("traceparent");
    private static final SerializableString MASKED_COLUMNS = name("maskedColumns");
    private static final SerializableString COLUMN = name("column");
    private static final SerializableString MASK = name("mask");
    private static final SerializableString EXEMPTION = name("exemption");
    private static final SerializableString HIDDEN = name("hidden");
    private static final SerializableString CONSTANTS = name("constants");
    private static final SerializableString STANDS_FOR = name("standsFor");
    private static final SerializableString PARAMETER_TYPES = name("parameterTypes");
    private static final SerializableString COMMAND_TAGS = name("commandTags");
    private static final SerializableString SQL_STATE = name("sqlState");
    private static final SerializableString ROWS = name("rows");
    private static final SerializableString DURATION_MICROS = name("durationMicros");
    private static final SerializableString COPIED_IN_BYTES = name("copiedInBytes");
    private static final SerializableString COPIED_IN_DIGEST = name("copiedInDigest");
    private static final SerializableString TIMING = name("timing");
    private static final SerializableString QUEUED_MICROS = name("queuedMicros");
    private static final SerializableString ANALYSIS_MICROS = name("analysisMicros");
    private static final SerializableString HELD_MICROS = name("heldMicros");
    private static final SerializableString RECORDING_MICROS = name("recordingMicros");
    private static final SerializableString SERVER_MICROS = name("serverMicros");
    private static final SerializableString TOTAL_MICROS = name("totalMicros");
    private static final SerializableString RESULTS = name("results");
    private static final SerializableString CHUNKS = name("chunks");
    private static final SerializableString WHOLE = name("whole");
    private static final SerializableString DETECTIONS = name("detections");
    private static final SerializableString DETECTOR = name("detector");
    private static final SerializableString ACTION = name("action");

    private static final Map<Protocol, SerializableString> PROTOCOLS = names(Protocol.class);
    private static final Map<Outcome, SerializableString> OUTCOMES = names(Outcome.class);
    private static final Map<Detection.Action, SerializableString> ACTIONS = names(Detection.Action.class);

    private StatementWriter() {}

    /** Writes one item of an array. */
    private interface Item<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    static void write(JsonGenerator json, StatementDecided decided) throws IOException {
        json.writeStartObject();
        text(json, STATEMENT_ID, decided.statementId());
        json.writeFieldName(PROTOCOL);
        json.writeString(PROTOCOLS.get(decided.protocol()));
        text(json, QUERY, decided.query());
        text(json, QUERY_DIGEST, decided.queryDigest());
        array(json, PARAMETERS, decided.parameters(), StatementWriter::write);
        json.writeFieldName(FACTS);
        write(json, decided.facts());
        json.writeFieldName(OUTCOME);
        json.writeString(OUTCOMES.get(decided.outcome()));
        text(json, RULE, decided.rule());
        text(json, REASON, decided.reason());
        flag(json, ENFORCED, decided.enforced());
        texts(json, MASKS, decided.masks());
        text(json, POLICY_VERSION, decided.policyVersion());
        text(json, TRANSACTION_STATUS, decided.transactionStatus());
        parts(json, QUERY_PARTS, decided.queryParts());
        text(json, TRACEPARENT, decided.traceparent());
        List<MaskedColumn> columns = decided.maskedColumns();
        if (columns != null) {
            array(json, MASKED_COLUMNS, columns, StatementWriter::write);
        }
        Hidden hidden = decided.hidden();
        if (hidden != null) {
            json.writeFieldName(HIDDEN);
            json.writeStartObject();
            number(json, CONSTANTS, hidden.constants());
            text(json, DIGEST, hidden.digest());
            json.writeEndObject();
        }
        List<StandsFor> standsFor = decided.standsFor();
        if (standsFor != null) {
            array(json, STANDS_FOR, standsFor, StatementWriter::write);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StandsFor meaning) throws IOException {
        json.writeStartObject();
        text(json, NAME, meaning.name());
        text(json, QUERY, meaning.query());
        array(json, PARAMETER_TYPES, meaning.parameterTypes(), JsonGenerator::writeNumber);
        array(json, PARAMETERS, meaning.parameters(), StatementWriter::write);
        json.writeEndObject();
    }

    static void write(JsonGenerator json, StatementCompleted completed) throws IOException {
        json.writeStartObject();
        text(json, STATEMENT_ID, completed.statementId());
        texts(json, COMMAND_TAGS, completed.commandTags());
        text(json, SQL_STATE, completed.sqlState());
        number(json, ROWS, completed.rows());
        number(json, BYTES, completed.bytes());
        text(json, DIGEST, completed.digest());
        number(json, DURATION_MICROS, completed.durationMicros());
        text(json, TRANSACTION_STATUS, completed.transactionStatus());
        Long copied = completed.copiedInBytes();
        if (copied != null) {
            number(json, COPIED_IN_BYTES, copied);
        }
        text(json, COPIED_IN_DIGEST, completed.copiedInDigest());
        Timing timing = completed.timing();
        if (timing != null) {
            json.writeFieldName(TIMING);
            write(json, timing);
        }
        RecordedResult results = completed.results();
        if (results != null) {
            json.writeFieldName(RESULTS);
            write(json, results);
        }
        List<Detection> detections = completed.detections();
        if (detections != null) {
            array(json, DETECTIONS, detections, StatementWriter::write);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Parameter parameter) throws IOException {
        json.writeStartObject();
        number(json, TYPE, parameter.type());
        text(json, FORMAT, parameter.format());
        text(json, VALUE, parameter.value());
        parts(json, PARTS, parameter.parts());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Facts facts) throws IOException {
        json.writeStartObject();
        texts(json, KINDS, facts.kinds());
        texts(json, EFFECTS, facts.effects());
        array(json, RELATIONS, facts.relations(), StatementWriter::write);
        texts(json, FUNCTIONS, facts.functions());
        flag(json, BOUNDED, facts.bounded());
        flag(json, UNDERSTOOD, facts.understood());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, RelationAccess relation) throws IOException {
        json.writeStartObject();
        text(json, SCHEMA, relation.schema());
        text(json, NAME, relation.name());
        text(json, ACCESS, relation.access());
        List<String> columns = relation.columns();
        if (columns != null) {
            texts(json, COLUMNS, columns);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, MaskedColumn column) throws IOException {
        json.writeStartObject();
        text(json, COLUMN, column.column());
        text(json, RULE, column.rule());
        text(json, MASK, column.mask());
        text(json, EXEMPTION, column.exemption());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Timing timing) throws IOException {
        json.writeStartObject();
        number(json, QUEUED_MICROS, timing.queuedMicros());
        number(json, ANALYSIS_MICROS, timing.analysisMicros());
        number(json, HELD_MICROS, timing.heldMicros());
        number(json, RECORDING_MICROS, timing.recordingMicros());
        number(json, SERVER_MICROS, timing.serverMicros());
        number(json, TOTAL_MICROS, timing.totalMicros());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, RecordedResult results) throws IOException {
        json.writeStartObject();
        number(json, CHUNKS, results.chunks());
        number(json, ROWS, results.rows());
        number(json, BYTES, results.bytes());
        text(json, DIGEST, results.digest());
        flag(json, WHOLE, results.whole());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Detection detection) throws IOException {
        json.writeStartObject();
        text(json, DETECTOR, detection.detector());
        text(json, COLUMN, detection.column());
        number(json, COUNT, detection.count());
        json.writeFieldName(ACTION);
        json.writeString(ACTIONS.get(detection.action()));
        json.writeEndObject();
    }

    private static void parts(JsonGenerator json, SerializableString name, @Nullable Parts parts) throws IOException {
        if (parts != null) {
            json.writeFieldName(name);
            json.writeStartObject();
            number(json, COUNT, parts.count());
            number(json, BYTES, parts.bytes());
            text(json, DIGEST, parts.digest());
            json.writeEndObject();
        }
    }

    /** What is absent is left out. */
    private static void text(JsonGenerator json, SerializableString name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeFieldName(name);
            json.writeString(value);
        }
    }

    private static void texts(JsonGenerator json, SerializableString name, List<String> values) throws IOException {
        array(json, name, values, JsonGenerator::writeString);
    }

    private static <T> void array(JsonGenerator json, SerializableString name, List<T> items, Item<T> item) throws IOException {
        json.writeFieldName(name);
        json.writeStartArray();
        for (T value : items) {
            item.write(json, value);
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, SerializableString name, long value) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(value);
    }

    private static void flag(JsonGenerator json, SerializableString name, boolean value) throws IOException {
        json.writeFieldName(name);
        json.writeBoolean(value);
    }

    private static SerializableString name(String text) {
        return new SerializedString(text);
    }

    private static <E extends Enum<E>> Map<E, SerializableString> names(Class<E> type) {
        var names = new EnumMap<E, SerializableString>(type);
        for (E constant : type.getEnumConstants()) {
            names.put(constant, name(constant.name()));
        }
        return names;
    }
}
