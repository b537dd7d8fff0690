// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many of the labelled lines each detector gets right. The figures in masking.md are the ones that this test prints with -Dsluice.figures=true. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelledSetTest {
    /** What is published in masking.md. A change may improve on it. */
    private static final double LEAST_PRECISION = 0.98;

    private static final double LEAST_RECALL = 0.97;

    private final Map<DetectorKind, Score> scores = score();

    /** How often one detector was right. */
    private static final class Score {
        private int found;
        private int missed;
        private int wrong;
        private final List<String> mistakes = new ArrayList<>();

        double precision() {
            return found / (double) (found + wrong);
        }

        double recall() {
            return found / (double) (found + missed);
        }
    }

    private record Line(String label, byte[] text, int start, int end) {
        static Line of(String line) {
            int tab = line.indexOf('\t');
            String text = line.substring(tab + 1).replace("{}", "");
            int start = text.indexOf('\u27E6');
            int end = text.indexOf('\u27E7') - 1;
            String plain = text.replace("\u27E6", "").replace("\u27E7", "");
            return new Line(line.substring(0, tab), plain.getBytes(StandardCharsets.UTF_8), bytes(plain, start), bytes(plain, end));
        }

        private static int bytes(String text, int to) {
            return to < 0 ? to : text.substring(0, to).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    static List<DetectorKind> builtIn() {
        return DetectorKind.builtIn();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void findsOfEachKindWhatItPromisesAndLittleElse(DetectorKind kind) {
        Score score = Objects.requireNonNull(scores.get(kind));

        assertThat(score.recall()).as("recall of %s; mistakes: %s", kind.word(), score.mistakes).isGreaterThanOrEqualTo(LEAST_RECALL);
        assertThat(score.precision()).as("precision of %s; mistakes: %s", kind.word(), score.mistakes).isGreaterThanOrEqualTo(LEAST_PRECISION);
    }

    @Test
    void hasEnoughLinesOfEachKindToSayAnything() {
        assertThat(lines()).hasSizeGreaterThan(600);
        assertThat(scores).allSatisfy((kind, score) -> assertThat(score.found + score.missed).as(kind.word()).isGreaterThanOrEqualTo(25));
        if (Boolean.getBoolean("sluice.figures")) {
            System.out.println(lines().size() + " lines, " + lines().stream().filter(line -> line.label().equals("none")).count() + " with nothing to find");
            scores.forEach((kind, score) -> System.out.printf("%-12s %3d of %3d found, %d wrong, recall %.3f, precision %.3f%n   %s%n",
                    kind.word(), score.found, score.found + score.missed, score.wrong, score.recall(), score.precision(), score.mistakes));
        }
    }

    private static Map<DetectorKind, Score> score() {
        Map<DetectorKind, Score> scores = new EnumMap<>(DetectorKind.class);
        DetectorKind.builtIn().forEach(kind -> scores.put(kind, new Score()));
        var scanner = new Scanner(DetectorKind.builtIn().stream().map(kind -> Detector.builtIn(kind, Detector.Action.MASK)).toList());
        var window = new Window();
        var found = new Findings();
        for (Line line : lines()) {
            window.set(line.text(), 0, line.text().length);
            found.clear();
            scanner.scan(window, 0, line.text().length, found);
            boolean hit = false;
            for (int i = 0; i < found.size(); i++) {
                DetectorKind kind = DetectorKind.builtIn().get(found.detector(i));
                if (kind.word().equals(line.label()) && found.start(i) == line.start() && found.end(i) == line.end()) {
                    hit = true;
                } else {
                    Score score = Objects.requireNonNull(scores.get(kind));
                    score.wrong++;
                    score.mistakes.add("wrong: " + new String(line.text(), StandardCharsets.UTF_8));
                }
            }
            DetectorKind wanted = DetectorKind.named(line.label()).orElse(null);
            if (wanted != null) {
                Score score = Objects.requireNonNull(scores.get(wanted));
                score.found += hit ? 1 : 0;
                score.missed += hit ? 0 : 1;
                if (!hit) {
                    score.mistakes.add("missed: " + new String(line.text(), StandardCharsets.UTF_8));
                }
            }
        }
        return scores;
    }

    private static List<Line> lines() {
        try (var labelled = Objects.requireNonNull(LabelledSetTest.class.getResourceAsStream("/detection/labelled.txt"))) {
            return new String(labelled.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(Line::of).toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
