// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of SQL that one session runs, step by step. Steps are parted by an empty line; each is sent as one text. Lines that begin with
 * {@code --@} say more about their step:
 *
 * <pre>
 * --@ parameter 42        the next parameter in extended query; \N is NULL, {n*text} repeats
 * --@ rows 2              Execute asks for two rows at a time, four times
 * --@ copy a\tb           a line of COPY data, sent when the server asks for it
 * --@ copyhex 504743      COPY data in hexadecimal
 * --@ copyfail reason     the client gives the COPY up
 * --@ repeat 3            the text is sent three times
 * </pre>
 */
record SqlCase(String name, List<Step> steps) {
    /**
     * One text and what goes with it.
     *
     * @param rows at a time, 0 for all at once
     * @param copy CopyData messages; null when none is sent
     */
    record Step(String sql, List<@Nullable String> parameters, int rows, @Nullable List<byte[]> copy, @Nullable String copyFail, int repeat) {}

    @Override
    public String toString() {
        return name;
    }

    static List<SqlCase> all() throws IOException {
        try (var files = Files.list(Path.of("src", "test", "resources", "cases"))) {
            List<SqlCase> cases = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                cases.add(read(file));
            }
            return cases;
        }
    }

    private static SqlCase read(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".sql", "");
        return new SqlCase(name, Arrays.stream(Files.readString(file).split("\n\\s*\n")).map(SqlCase::step).toList());
    }

    private static Step step(String paragraph) {
        var sql = new StringBuilder();
        List<@Nullable String> parameters = new ArrayList<>();
        List<byte[]> copy = new ArrayList<>();
        int rows = 0;
        int repeat = 1;
        String copyFail = null;
        for (String line : paragraph.lines().toList()) {
            if (!line.startsWith("--@ ")) {
                sql.append(sql.isEmpty() ? "" : "\n").append(line);
                continue;
            }
            String[] words = line.substring(4).split(" ", 2);
            String value = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "parameter" -> parameters.add(value.equals("\\N") ? null : repeated(value));
                case "rows" -> rows = Integer.parseInt(value);
                case "repeat" -> repeat = Integer.parseInt(value);
                case "copy" -> copy.add((value.replace("\\t", "\t") + "\n").getBytes(StandardCharsets.UTF_8));
                case "copyhex" -> copy.add(HexFormat.of().parseHex(value.replace(" ", "")));
                case "copyfail" -> copyFail = value;
                default -> throw new IllegalArgumentException("unknown line in a case: " + line);
            }
        }
        boolean copies = !copy.isEmpty() || copyFail != null;
        return new Step(sql.toString().strip(), parameters, rows, copies ? copy : null, copyFail, repeat);
    }

    private static String repeated(String value) {
        int star = value.indexOf('*');
        boolean repeats = value.startsWith("{") && value.endsWith("}") && star > 0;
        return repeats ? value.substring(star + 1, value.length() - 1).repeat(Integer.parseInt(value.substring(1, star))) : value;
    }
}
