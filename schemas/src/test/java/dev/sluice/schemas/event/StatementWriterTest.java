// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written by hand is compared with what the mapper, which knows every field, writes of the same event. */
class StatementWriterTest {
    private static final ObjectMapper MAPPER = DataMapper.create();
    private static final EventCodec CODEC = new EventCodec();
    private static final Envelopes ENVELOPES = new Envelopes(URI.create("/sluice/gateway/g1"), Clock.systemUTC(), new IdRandom());
    private static final List<String> TEXTS =
            List.of("", "SELECT 1", "\"\\/\b\f\n\r\t\u0000\u001f\u007f", "žluťoučký kůň", "\u2028\uffff", "a\uD83D\uDC18b", "x".repeat(20_000), "ž".repeat(9_000));

    private final SplittableRandom random = new SplittableRandom(20261123);

    @Test
    void writesDecisionsAsTheMapperDoes() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            var decided = make(StatementDecided.class, i == 0);
            assertThat(written(decided)).isEqualTo(mapped(decided));
        }
    }

    @Test
    void writesEndsAsTheMapperDoes() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            var completed = make(StatementCompleted.class, i == 0);
            assertThat(written(completed)).isEqualTo(mapped(completed));
        }
    }

    @Test
    void leavesNoFieldOut() throws IOException {
        for (DomainEvent event : List.of(make(StatementDecided.class, true), make(StatementCompleted.class, true))) {
            JsonNode data = MAPPER.readTree(written(event));
            List<String> components = Arrays.stream(event.getClass().getRecordComponents()).map(RecordComponent::getName).toList();
            assertThat(data.fieldNames()).toIterable().containsExactlyElementsOf(components);
        }
    }

    private static String written(DomainEvent event) {
        String envelope = new String(CODEC.encode(ENVELOPES.of("s", "s", event)), StandardCharsets.UTF_8);
        String before = ",\"data\":";
        return envelope.substring(envelope.indexOf(before) + before.length(), envelope.length() - 1);
    }

    private static String mapped(DomainEvent event) throws IOException {
        return new String(MAPPER.writeValueAsBytes(event), StandardCharsets.UTF_8);
    }

    /** @param whole whether every field has a value */
    private <R extends Record> R make(Class<R> type, boolean whole) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components).map(component -> value(component, whole)).toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private @Nullable Object value(RecordComponent component, boolean whole) {
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return nullable && !whole && random.nextBoolean() ? null : value(component.getGenericType(), whole);
    }

    private Object value(Type type, boolean whole) {
        if (type instanceof ParameterizedType list) {
            Type element = list.getActualTypeArguments()[0];
            return random.ints(whole ? 1 : random.nextInt(3), 0, 9).mapToObj(ignored -> value(element, whole)).toList();
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return TEXTS.get(random.nextInt(random.nextInt(50) == 0 ? TEXTS.size() : TEXTS.size() - 2));
        }
        if (plain == long.class || plain == Long.class) {
            return random.nextLong() >> random.nextInt(64);
        }
        if (plain == int.class) {
            return random.nextInt() >> random.nextInt(32);
        }
        if (plain == boolean.class) {
            return random.nextBoolean();
        }
        if (plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        return make(plain.asSubclass(Record.class), whole);
    }
}
