// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Envelope to bytes and back: CloudEvents 1.0 structured JSON, UTF-8, without white space. The order of fields is fixed (the envelope's as
 * in the specification, the data's as declared in its record, members of a set sorted), absent values are left out, so that the same
 * envelope always gives the same bytes. Safe for use by many threads; make one and keep it.
 *
 * <p>{@code sequence} is written as the sequence extension of CloudEvents asks: a string that sorts like its number, 19 digits wide.
 */
public final class EventCodec {
    /** The largest event that is written or read, in bytes. Bounds what one statement may weigh together with its parameters. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int SEQUENCE_DIGITS = 19;

    private static final SerializableString SPECVERSION = new SerializedString("specversion");
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString SOURCE = new SerializedString("source");
    private static final SerializableString TYPE = new SerializedString("type");
    private static final SerializableString SUBJECT = new SerializedString("subject");
    private static final SerializableString TIME = new SerializedString("time");
    private static final SerializableString DATACONTENTTYPE = new SerializedString("datacontenttype");
    private static final SerializableString DATASCHEMA = new SerializedString("dataschema");
    private static final SerializableString CORRELATIONID = new SerializedString("correlationid");
    private static final SerializableString CAUSATIONID = new SerializedString("causationid");
    private static final SerializableString SEQUENCE = new SerializedString("sequence");
    private static final SerializableString PREVIOUSHASH = new SerializedString("previoushash");
    private static final SerializableString DATA = new SerializedString("data");

    private final ObjectMapper mapper = DataMapper.create();
    private final Map<Class<?>, ObjectWriter> writers = new HashMap<>();
    private final EnvelopeReader reader = new EnvelopeReader(mapper);

    public EventCodec() {
        for (String type : EventTypes.all()) {
            Class<?> dataClass = EventTypes.recordOf(type);
            writers.put(dataClass, mapper.writerFor(dataClass));
        }
    }

    /** The bytes of an envelope. Fails only on text that is not Unicode (half of a surrogate pair), with {@link UncheckedIOException}. */
    public byte[] encode(EventEnvelope<?> envelope) {
        try (var bytes = new RecordBytes();
                JsonGenerator json = mapper.getFactory().createGenerator(bytes)) {
            json.writeStartObject();
            write(json, SPECVERSION, envelope.specversion());
            write(json, ID, envelope.id());
            write(json, SOURCE, envelope.source().toString());
            write(json, TYPE, envelope.type());
            write(json, SUBJECT, envelope.subject());
            write(json, TIME, InstantText.format(envelope.time()));
            write(json, DATACONTENTTYPE, envelope.datacontenttype());
            write(json, DATASCHEMA, envelope.dataschema().toString());
            write(json, CORRELATIONID, envelope.correlationid());
            if (envelope.causationid() != null) {
                write(json, CAUSATIONID, envelope.causationid());
            }
            if (envelope.sequence() != null) {
                write(json, SEQUENCE, sequenceText(envelope.sequence()));
            }
            if (envelope.previoushash() != null) {
                write(json, PREVIOUSHASH, envelope.previoushash());
            }
            json.writeFieldName(DATA);
            writeData(json, envelope.data());
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(envelope.type() + " cannot be written", e);
        }
    }

    /** Reads a record's value. Never throws on any bytes. Fields that this version does not know are passed over. */
    public Decoded decode(byte[] value) {
        try (JsonParser parser = mapper.getFactory().createParser(value)) {
            return reader.read(parser);
        } catch (IOException e) {
            return new Decoded.Malformed(EnvelopeReader.describe(e));
        }
    }

    private void writeData(JsonGenerator json, DomainEvent data) throws IOException {
        if (data instanceof StatementEvent.StatementDecided decided) {
            StatementWriter.write(json, decided);
        } else if (data instanceof StatementEvent.StatementCompleted completed) {
            StatementWriter.write(json, completed);
        } else {
            writerOf(data).writeValue(json, data);
        }
    }

    private ObjectWriter writerOf(DomainEvent data) {
        ObjectWriter writer = writers.get(data.getClass());
        if (writer == null) {
            throw new IllegalStateException(data.getClass().getName() + " is not registered in EventTypes");
        }
        return writer;
    }

    private static void write(JsonGenerator json, SerializableString name, String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }

    static String sequenceText(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence is " + sequence + ", it counts from 0");
        }
        byte[] digits = new byte[SEQUENCE_DIGITS];
        long rest = sequence;
        for (int i = SEQUENCE_DIGITS - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(digits, StandardCharsets.ISO_8859_1);
    }
}
