// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON of the REST interface: times as RFC 3339, absent values left out, unknown fields of requests refused. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private Json() {}

    static Buffer write(Object value) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer can't be written", e);
        }
    }

    static String line(Object value) {
        return write(value).toString();
    }

    /** Reads a request's body; what is wrong with it is a 400 that names the field. */
    static <T> T read(@Nullable Buffer body, Class<T> type) {
        if (body == null || body.length() == 0) {
            throw new RequestRefused(Problem.badRequest("The body is empty; it has to be a JSON object."));
        }
        try {
            var value = MAPPER.readValue(body.getBytes(), type);
            if (value == null) {
                throw new RequestRefused(Problem.badRequest("The body has to be a JSON object."));
            }
            return value;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof RequestRefused refused) {
                throw refused;
            }
            var field = e.getPath().stream().map(step -> String.valueOf(step.getFieldName())).collect(Collectors.joining("."));
            throw new RequestRefused(Problem.badRequest((field.isEmpty() ? "The body" : "'" + field + "'") + " is not what is expected here."));
        } catch (JacksonException e) {
            throw new RequestRefused(Problem.badRequest("The body is not JSON: " + e.getOriginalMessage() + "."));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }
}
