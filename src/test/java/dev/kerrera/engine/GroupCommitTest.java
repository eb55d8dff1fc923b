package dev.kerrera.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.db.DatabaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private final Log log = new Log();
    private final Set<String> restless = ConcurrentHashMap.newKeySet();
    private GroupCommit<String, String> group = withMoment(Duration.ofMillis(1));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Thread> callers = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        log.held.values().forEach(CountDownLatch::countDown);
        threads.shutdownNow();
    }

    @Test
    void who_is_alone_writes_alone_on_his_own_thread() {
        assertThat(group.commit("a")).isEqualTo("stored a");
        assertThat(group.commit("b")).isEqualTo("stored b");

        assertThat(log.statements).containsExactly(List.of("a"), List.of("b"));
        assertThat(log.writers).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void who_comes_while_one_writes_goes_with_the_next() throws Exception {
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        List<Future<String>> others = wait("b", "c", "d");

        first.countDown();

        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        for (int i = 0; i < 3; i++) {
            assertThat(others.get(i).get(20, SECONDS))
                    .isEqualTo("stored " + List.of("b", "c", "d").get(i));
        }
        assertThat(log.statements).containsExactly(List.of("a"), List.of("b", "c", "d"));
        assertThat(log.writers).containsExactly(callers.get("a"), callers.get("b"));
    }

    @Test
    void those_who_shared_a_statement_wait_for_each_other_at_the_next() throws Exception {
        group = withMoment(Duration.ofSeconds(20));
        shareAStatement("a", "b", "c", "d");

        List<Future<String>> again = List.of(commit("e"), commit("f"), commit("g"));

        for (Future<String> one : again) {
            assertThat(one.get(10, SECONDS)).startsWith("stored ");
        }
        assertThat(log.statements).hasSize(3);
        assertThat(log.statements.get(2)).containsExactlyInAnyOrder("e", "f", "g");
    }

    @Test
    void who_is_left_by_the_others_waits_for_them_but_once() throws Exception {
        Duration moment = Duration.ofSeconds(1);
        group = withMoment(moment);
        shareAStatement("a", "b", "c", "d");
        group.commit("e");

        long start = System.nanoTime();
        group.commit("f");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(moment);
        assertThat(log.statements).endsWith(List.of("e"), List.of("f"));
    }

    /** The first writes alone while the others come. */
    private void shareAStatement(String first, String... others) throws Exception {
        CountDownLatch held = log.hold(first);
        Future<String> alone = writes(first);
        List<Future<String>> together = wait(others);
        held.countDown();
        alone.get(20, SECONDS);
        for (Future<String> one : together) {
            one.get(20, SECONDS);
        }
    }

    @Test
    void a_statement_takes_no_more_than_fits() throws Exception {
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        String heavy = "x".repeat(999_998);
        List<Future<String>> others = wait("b", heavy, "c", "d", "e");

        first.countDown();

        for (Future<String> other : others) {
            other.get(20, SECONDS);
        }
        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        assertThat(log.statements).containsExactly(List.of("a"), List.of("b", heavy, "c"), List.of("d", "e"));
    }

    @Test
    void who_has_written_for_others_does_so_no_more() throws Exception {
        CountDownLatch first = log.hold("a");
        CountDownLatch second = log.hold("b");
        Future<String> a = writes("a");
        Future<String> b = waits("b");
        first.countDown();
        a.get(20, SECONDS);
        await().until(() -> log.statements.size() == 2);
        Future<String> c = waits("c");
        Future<String> d = waits("d");

        second.countDown();

        assertThat(b.get(20, SECONDS)).isEqualTo("stored b");
        assertThat(c.get(20, SECONDS)).isEqualTo("stored c");
        assertThat(d.get(20, SECONDS)).isEqualTo("stored d");
        assertThat(log.writers).containsExactly(callers.get("a"), callers.get("b"), callers.get("c"));
    }

    @Test
    void what_is_refused_for_all_each_asks_for_alone() throws Exception {
        log.failing = items -> items.contains("bad") ? "23514" : "";
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        Future<String> b = waits("b");
        Future<String> bad = waits("bad");
        Future<String> c = waits("c");

        first.countDown();

        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        assertThat(b.get(20, SECONDS)).isEqualTo("stored b");
        assertThat(c.get(20, SECONDS)).isEqualTo("stored c");
        assertThatThrownBy(() -> bad.get(20, SECONDS)).hasCauseInstanceOf(DatabaseException.class);
        assertThat(log.statements)
                .containsExactlyInAnyOrder(
                        List.of("a"), List.of("b", "bad", "c"), List.of("b"), List.of("bad"), List.of("c"));
        assertThat(log.writerOf("bad")).isEqualTo(callers.get("bad"));
    }

    @Test
    void what_may_have_been_done_is_not_asked_for_again_and_all_are_told() throws Exception {
        log.failing = items -> items.size() > 1 ? "08006" : "";
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        List<Future<String>> others = List.of(waits("b"), waits("c"));

        first.countDown();

        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        for (Future<String> other : others) {
            assertThatThrownBy(() -> other.get(20, SECONDS))
                    .cause()
                    .isInstanceOf(DatabaseException.class)
                    .hasMessage("failed");
        }
        assertThat(log.statements).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(group.commit("d")).isEqualTo("stored d");
    }

    @Test
    void an_error_of_the_writers_is_everybodys_and_holds_up_nobody() throws Exception {
        log.error = new StackOverflowError("deep");
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        List<Future<String>> others = List.of(waits("b"), waits("c"));

        first.countDown();

        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        for (Future<String> other : others) {
            assertThatThrownBy(() -> other.get(20, SECONDS)).hasCause(log.error);
        }
        assertThat(group.commit("d")).isEqualTo("stored d");
    }

    @Test
    void who_has_waited_long_writes_alone_and_but_once() throws Exception {
        GroupCommit<String, String> hasty = new GroupCommit<>(log, Duration.ofMillis(20), Duration.ZERO, () -> true);
        CountDownLatch first = log.hold("a");
        Future<String> a = threads.submit(() -> hasty.commit("a"));
        await().until(() -> log.statements.size() == 1);

        assertThat(hasty.commit("b")).isEqualTo("stored b");
        assertThat(log.writerOf("b")).isEqualTo(Thread.currentThread());

        first.countDown();
        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        assertThat(hasty.commit("c")).isEqualTo("stored c");
        assertThat(log.stored).containsExactly("b", "a", "c");
    }

    @Test
    void an_interrupt_ends_no_wait_and_is_kept() throws Exception {
        CountDownLatch first = log.hold("a");
        commit("a");
        await().until(() -> log.statements.size() == 1);
        Future<Boolean> interrupted = threads.submit(() -> {
            callers.put("b", Thread.currentThread());
            assertThat(group.commit("b")).isEqualTo("stored b");
            return Thread.interrupted();
        });
        await().until(() -> callers.containsKey("b"));

        callers.get("b").interrupt();
        first.countDown();

        assertThat(interrupted.get(20, SECONDS)).isTrue();
        assertThat(log.statements).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void whatever_the_turns_each_gets_his_own_once() throws Exception {
        log.failing = items -> items.size() > 1 && items.get(0).endsWith("7") ? "40P01" : "";
        List<Future<Void>> running = IntStream.range(0, 8)
                .mapToObj(caller -> threads.<Void>submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        String item = caller + "/" + i;
                        assertThat(group.commit(item)).isEqualTo("stored " + item);
                    }
                    return null;
                }))
                .toList();
        for (Future<Void> caller : running) {
            caller.get(60, SECONDS);
        }

        assertThat(log.stored).hasSize(160_000).doesNotHaveDuplicates();
        assertThat(log.statements).hasSizeLessThan(160_000);
    }

    @Test
    void who_is_likely_to_be_interrupted_writes_for_nobody_else() throws Exception {
        restless.add("b");
        CountDownLatch first = log.hold("a");
        Future<String> a = writes("a");
        List<Future<String>> others = wait("b", "c", "d");

        first.countDown();

        for (Future<String> other : others) {
            assertThat(other.get(20, SECONDS)).startsWith("stored");
        }
        assertThat(a.get(20, SECONDS)).isEqualTo("stored a");
        assertThat(log.statements).containsExactlyInAnyOrder(List.of("a"), List.of("b"), List.of("c", "d"));
        assertThat(log.writerOf("b")).isEqualTo(callers.get("b"));
        assertThat(log.writerOf("c", "d")).isEqualTo(callers.get("c"));
    }

    private GroupCommit<String, String> withMoment(Duration moment) {
        return new GroupCommit<>(log, Duration.ofSeconds(20), moment, this::mayLead);
    }

    private boolean mayLead() {
        return restless.stream().noneMatch(item -> callers.get(item) == Thread.currentThread());
    }

    private Future<String> commit(String item) {
        return threads.submit(() -> {
            callers.put(item, Thread.currentThread());
            return group.commit(item);
        });
    }

    /** Begun as the first statement, which is held. */
    private Future<String> writes(String item) {
        Future<String> commit = commit(item);
        await().until(() -> log.statements.size() == 1);
        return commit;
    }

    private List<Future<String>> wait(String... items) {
        List<Future<String>> waiting = new ArrayList<>();
        for (String item : items) {
            waiting.add(waits(item));
        }
        return waiting;
    }

    /** Once it does. */
    private Future<String> waits(String item) {
        int before = group.waiting();
        Future<String> commit = commit(item);
        await().until(() -> group.waiting() > before);
        return commit;
    }

    /** A table that tells how it was written. */
    private static final class Log implements GroupCommit.Statement<String, String> {
        final List<List<String>> statements = Collections.synchronizedList(new ArrayList<>());
        final List<Thread> writers = Collections.synchronizedList(new ArrayList<>());
        final List<String> stored = Collections.synchronizedList(new ArrayList<>());
        final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
        volatile Function<List<String>, String> failing = items -> "";
        volatile Error error;

        /** The statement that begins with it does not end before the latch is open. */
        CountDownLatch hold(String first) {
            return held.computeIfAbsent(first, item -> new CountDownLatch(1));
        }

        Thread writerOf(String... items) {
            return writers.get(statements.indexOf(List.of(items)));
        }

        @Override
        public String run(String one) {
            return run(List.of(one)).get(0);
        }

        @Override
        public List<String> run(List<String> many) {
            synchronized (this) {
                writers.add(Thread.currentThread());
                statements.add(List.copyOf(many));
            }
            if (held.containsKey(many.get(0))) {
                awaited(held.get(many.get(0)));
            }
            if (error != null && many.size() > 1) {
                throw error;
            }
            String sqlState = failing.apply(many);
            if (!sqlState.isEmpty()) {
                throw new DatabaseException(new SQLException("failed", sqlState));
            }
            stored.addAll(many);
            return many.stream().map(item -> "stored " + item).toList();
        }

        @Override
        public long weight(String one) {
            return one.length();
        }

        private static void awaited(CountDownLatch latch) {
            try {
                assertThat(latch.await(30, SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }
    }
}
