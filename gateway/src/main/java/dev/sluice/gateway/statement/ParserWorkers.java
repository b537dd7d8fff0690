// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.dylibso.chicory.wasm.ChicoryException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A few threads, each with its own parser, made when it first has work and made anew after a failure. */
final class ParserWorkers {
    /** Enough for the recursion of the parser and of the walk over any tree that the limits let through; only what is used is ever resident. */
    private static final long STACK_BYTES = 512L << 20;

    private static final long MAXIMUM_MEMORY_BYTES = 512L << 20;
    private static final long KEPT_MEMORY_BYTES = 192L << 20;

    private static final WasmParser.Answer TOO_DEEP = new WasmParser.Answer.Failure("stack depth limit exceeded", 0, "");

    /** Parses in the current worker; may throw anything, after which that worker's parser is thrown away. */
    interface Parsing {
        WasmParser.Answer parse(byte[] utf8);
    }

    private final ThreadPoolExecutor threads;
    private final ThreadLocal<@Nullable WasmParser> parser = new ThreadLocal<>();

    ParserWorkers(int workers, int waiting) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(workers, workers, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(waiting), work -> {
            Thread thread = new Thread(null, work, "sql-reader-" + number.incrementAndGet(), STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs the work on a worker; {@code refused} answers for work that is not taken or does not end by itself. */
    <T> CompletableFuture<T> submit(Function<Parsing, T> work, Function<String, T> refused) {
        Job<T> job = new Job<>(work, refused);
        try {
            threads.execute(job);
        } catch (RejectedExecutionException full) {
            job.result.complete(refused.apply(threads.isShutdown() ? "the gateway is stopping" : "too many statements wait to be read"));
        }
        return job.result;
    }

    /** Ends the threads; work that waits is refused. */
    void close() {
        threads.shutdownNow().forEach(waiting -> ((Job<?>) waiting).refuse("the gateway is stopping"));
    }

    private WasmParser.Answer parse(byte[] utf8) {
        WasmParser own = parser.get();
        if (own == null) {
            own = new WasmParser(MAXIMUM_MEMORY_BYTES);
        }
        parser.remove();
        WasmParser.Answer answer;
        try {
            answer = own.parse(utf8);
        } catch (StackOverflowError deep) {
            return TOO_DEEP;
        } catch (ChicoryException failure) {
            if ("call stack exhausted".equals(failure.getMessage())) {
                return TOO_DEEP;
            }
            throw failure;
        }
        if (own.memoryBytes() <= KEPT_MEMORY_BYTES) {
            parser.set(own);
        }
        return answer;
    }

    private final class Job<T> implements Runnable {
        private final Function<Parsing, T> work;
        private final Function<String, T> refused;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        private Job(Function<Parsing, T> work, Function<String, T> refused) {
            this.work = work;
            this.refused = refused;
        }

        @Override
        public void run() {
            try {
                result.complete(work.apply(ParserWorkers.this::parse));
            } catch (RuntimeException | Error failure) {
                refuse("the parser failed: " + failure);
            }
        }

        private void refuse(String reason) {
            result.complete(refused.apply(reason));
        }
    }
}
