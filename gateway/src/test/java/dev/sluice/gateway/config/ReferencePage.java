// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of {@code configuration.md}, made from the records. */
final class ReferencePage {
    private ReferencePage() {}

    private record Key(String path, Setting setting, Class<?> type, boolean optional) {}

    /** Every key that holds a value; a list's entries are {@code []}, a mapping's {@code <name>}. */
    static List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Section section : sections()) {
            section.keys().stream().filter(key -> !isSection(key)).map(key -> key.type() == Map.class ? key.path() + ".<name>" : key.path()).forEach(paths::add);
        }
        return paths;
    }

    static String tables() {
        return sections().stream().map(ReferencePage::table).collect(Collectors.joining("\n"));
    }

    private record Section(String path, Class<?> record, List<Key> keys) {}

    private static boolean isSection(Key key) {
        return RecordReader.isRecord(key.type());
    }

    private static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        collect("", GatewayConfig.class, sections);
        return sections;
    }

    private static void collect(String path, Class<?> type, List<Section> sections) {
        List<Key> keys = new ArrayList<>();
        List<Runnable> inner = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            boolean list = component.getType() == List.class && RecordReader.isRecord(RecordReader.element(component, 0));
            Class<?> element = list ? RecordReader.element(component, 0) : component.getType();
            String name = (path.isEmpty() ? "" : path + ".") + component.getName() + (list ? "[]" : "");
            keys.add(new Key(name, component.getAnnotation(Setting.class), element, component.getAnnotatedType().isAnnotationPresent(Nullable.class)));
            if (RecordReader.isRecord(element)) {
                inner.add(() -> collect(name, element, sections));
            }
        }
        sections.add(new Section(path, type, keys));
        inner.forEach(Runnable::run);
    }

    private static String table(Section section) {
        StringBuilder table = new StringBuilder();
        table.append("## ").append(section.path().isEmpty() ? "Top level" : "`" + section.path() + "`").append("\n\n");
        table.append("| key | default | variable | meaning |\n|---|---|---|---|\n");
        Shorthand shorthand = section.record().getAnnotation(Shorthand.class);
        if (shorthand != null) {
            String path = section.path() + "." + shorthand.key();
            row(table, path, "none", shorthand.value());
        }
        for (Key key : section.keys()) {
            if (isSection(key)) {
                table.append("| `").append(key.path()).append("` | section | | ").append(key.setting().value()).append(" |\n");
            } else {
                row(table, key.path(), defaultOf(key), key.setting().value() + choices(key.type()));
            }
        }
        return table.toString();
    }

    private static void row(StringBuilder table, String path, String defaultValue, String meaning) {
        String variable = Environment.variable(path.replace("[]", "[0]"));
        table.append("| `").append(path).append("` | ").append(defaultValue).append(" | `").append(variable).append("` | ").append(meaning).append(" |\n");
    }

    private static String defaultOf(Key key) {
        if (!key.setting().defaultValue().isEmpty()) {
            return "`" + key.setting().defaultValue() + "`";
        }
        if (key.type() == List.class || key.type() == Map.class) {
            return "empty";
        }
        return key.optional() ? "none" : "**required**";
    }

    private static String choices(Class<?> type) {
        return type.isEnum()
                ? " One of " + Arrays.stream(type.getEnumConstants()).map(constant -> "`" + SettingType.written(constant) + "`").collect(Collectors.joining(", ")) + "."
                : "";
    }
}
