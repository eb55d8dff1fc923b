package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a running job says of how far it has come. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class ProgressTest {

    private static final String AT = "2026-01-01T12:00:00.000123Z";

    private final TestNode node;
    private final RawJobs jobs;
    private final AtomicReference<JobContext> context = new AtomicReference<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile Outcome outcome = Outcome.ok();

    ProgressTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        node.clock = new SettableClock(AT);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        release.countDown();
        node.close();
    }

    @Test
    void the_first_word_is_written_at_once() {
        long job = park("'{}'");

        context.get().progress(1, 4, "one of four");

        await().until(() -> progress() != null);
        assertThat(progress())
                .isEqualTo("{\"at\": \"" + AT + "\", \"done\": 1, \"note\": \"one of four\", \"total\": 4}");
        assertThat(jobs.row(job)).containsEntry("state", "executing");
    }

    @Test
    void the_latest_of_many_words_is_written_a_second_later_and_those_between_are_not() {
        park("'{}'");
        context.get().progress(0, 1000);
        await().until(() -> progress() != null);
        long first = System.nanoTime();

        for (int done = 1; done <= 1000; done++) {
            context.get().progress(done, 1000);
        }
        await().until(() -> progress().contains("\"done\": 1000"));

        assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofMillis(700));
        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void a_word_after_a_silence_is_written_at_once_again() {
        park("'{}'");
        context.get().progress(1, 4);
        context.get().progress(2, 4);
        await().until(() -> progress() != null && progress().contains("\"done\": 2"));

        context.get().progress(3, 4);

        await().until(() -> progress().contains("\"done\": 3"));
        assertThat(notes()).isLessThanOrEqualTo(3);
    }

    @Test
    void what_is_still_waiting_at_the_end_is_written_before_the_result() {
        long job = park("'{}'");
        context.get().progress(1, 4);
        await().until(() -> progress() != null);

        context.get().progress(4, 4);
        long start = System.nanoTime();
        release.countDown();

        node.events.awaitOne(JobStopped.class);
        assertThat(jobs.state(job)).isEqualTo("completed");
        assertThat(progress()).contains("\"done\": 4");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_word_that_is_being_written_at_the_end_is_written_before_the_result() {
        long job = park("'{}'");
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("'progress'", hanging);
        context.get().progress(4, 4);
        await().until(() -> notes() == 1);

        release.countDown();
        await().during(Duration.ofMillis(200))
                .until(() ->
                        node.database.statements(TappedDataSource.COMPLETION).isEmpty());
        hanging.countDown();

        node.events.awaitOne(JobStopped.class);
        assertThat(jobs.state(job)).isEqualTo("completed");
        assertThat(progress()).contains("\"done\": 4");
    }

    @Test
    void a_word_that_cannot_be_written_for_long_does_not_hold_up_the_result() {
        long job = park("'{}'");
        node.database.hang("'progress'", new CountDownLatch(1));
        context.get().progress(4, 4);
        await().until(() -> notes() == 1);

        release.countDown();

        node.events.awaitOne(JobStopped.class);
        assertThat(jobs.state(job)).isEqualTo("completed");
    }

    @Test
    void it_outlasts_a_failure() {
        outcome = Outcome.error("x");
        long job = park("'{}'");

        context.get().progress(3, 4);
        release.countDown();

        node.events.awaitOne(JobFailed.class);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(progress()).contains("\"done\": 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'{}'                                      | {\"progress\": ?}",
                "NULL                                      | {\"progress\": ?}",
                "'{\"a\": [1], \"zz\": null}'              | {\"a\": [1], \"zz\": null, \"progress\": ?}",
                "'{\"progress\": {\"done\": 9, \"x\": 1}}' | {\"progress\": ?}",
                "'[1]'                                     | [1, {\"progress\": ?}]",
                "'5'                                       | [5, {\"progress\": ?}]"
            })
    void whatever_else_meta_holds_stays(String meta, String expected) {
        long job = park(meta);

        context.get().progress(1, 2);

        await().until(() -> notes() == 1);
        release.countDown();
        node.events.awaitOne(JobStopped.class);
        assertThat(jobs.row(job))
                .containsEntry("meta", expected.replace("?", "{\"at\": \"" + AT + "\", \"done\": 1, \"total\": 2}"));
    }

    @Test
    void a_note_is_cut_and_holds_nothing_that_cannot_be_stored() {
        park("'{}'");

        context.get().progress(1, 1, "a\0b\ud83d" + "🚀".repeat(300));

        await().until(() -> progress() != null);
        assertThat(jobs.query("SELECT meta -> 'progress' ->> 'note' FROM ${schema}.oban_jobs"))
                .containsExactly("ab" + "🚀".repeat(198));
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "5, 4", "1, 0", "0, -1"})
    void a_progress_that_cannot_be_is_refused_and_nothing_is_written(long done, long total) {
        park("'{}'");

        assertThatThrownBy(() -> context.get().progress(done, total))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("done must be 0 to total, was %d of %d".formatted(done, total));

        assertThat(notes()).isZero();
    }

    @Test
    void a_run_that_lost_its_job_writes_nothing() {
        long job = park("'{}'");
        jobs.change(job, "attempted_at = attempted_at + interval '1 microsecond'");
        Map<String, String> row = jobs.row(job);

        context.get().progress(1, 4);

        await().until(() -> notes() == 1);
        release.countDown();
        node.events.awaitOne(JobFenced.class);
        assertThat(jobs.row(job)).isEqualTo(row);
    }

    @Test
    void a_word_that_cannot_be_written_harms_nothing_and_the_next_is_written() {
        long job = park("'{}'");
        node.database.fail("'progress'", 1);
        context.get().progress(1, 4);
        await().until(() -> notes() == 1);

        context.get().progress(2, 4);

        await().until(() -> progress() != null && progress().contains("\"done\": 2"));
        release.countDown();
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void the_worker_does_not_wait_for_the_database() {
        park("'{}'");
        node.database.hang("'progress'", new CountDownLatch(1));

        long start = System.nanoTime();
        for (int done = 0; done < 100; done++) {
            context.get().progress(done, 100);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_job_that_says_nothing_costs_nothing() {
        long job = node.add("ok");
        node.start();

        node.wake();

        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(notes()).isZero();
    }

    /** A job whose worker has begun, and waits. */
    private long park(String meta) {
        node.workers.add(MadeWorkers.of("Made", (args, job) -> {
            context.set(job);
            release.await();
            context.set(null);
            return outcome;
        }));
        node.start();
        long id = jobs.add("(worker, meta) VALUES ('Made', " + meta + ")");
        node.wake();
        await().until(() -> context.get() != null);
        return id;
    }

    private String progress() {
        return jobs.query("SELECT meta -> 'progress' FROM ${schema}.oban_jobs").get(0);
    }

    private int notes() {
        return node.database.statements("'progress'").size();
    }
}
