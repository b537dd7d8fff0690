// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class during which Vert.x has found a thread of its own blocked: for any time that it warns of once the first test is over, and
 * for two seconds before, while the JVM still loads the classes of Vert.x, Netty and our own.
 */
final class NoBlockedEventLoop implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final String VERTX = "io.vertx";
    private static final String SIGN = "has been blocked";

    private static final Pattern TIME = Pattern.compile(SIGN + " for (\\d+) ms");
    private static final long COLD_MILLIS = 2_000;

    private final Collector collector = new Collector();

    private static final class Collector extends AppenderBase<ILoggingEvent> {
        private final List<String> warnings = new CopyOnWriteArrayList<>();
        private volatile boolean warm;

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (isWarning(line) && (warm || millis(line) >= COLD_MILLIS)) {
                warnings.add(line);
            }
        }

        /** A line that does not say it counts. */
        private static long millis(String line) {
            Matcher time = TIME.matcher(line);
            return time.find() ? Long.parseLong(time.group(1)) : Long.MAX_VALUE;
        }
    }

    /** Whether a line of a log is Vert.x' warning. */
    static boolean isWarning(String line) {
        return line.contains(SIGN);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        collector.start();
        logger().addAppender(collector);
        // As Vert.x itself logs: were it to log elsewhere, the silence would prove nothing.
        io.vertx.core.internal.logging.LoggerFactory.getLogger(VERTX + ".test").warn("a test of this watch " + SIGN);
        assertThat(collector.warnings).hasSize(1);
        collector.warnings.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        collector.warm = true;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        logger().detachAppender(collector);
        collector.stop();
        assertThat(collector.warnings).as("warnings of blocked threads").isEmpty();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(VERTX);
    }
}
