package dev.kerrera.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers without a transaction share a statement. */
@ExtendWith(PooledSchema.class)
class SharedInsertionTest {

    private static final String SHARED = "unnest";
    private static final String SINGLE = "VALUES";

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final RawJobs jobs;
    private final ConnectionPool pool;
    private final TappedDataSource tapped;
    private final FakeTransactions container = new FakeTransactions();
    private final Prefix prefix;
    private final Jdbc jdbc;
    private final Insertion insertion;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch first = new CountDownLatch(1);

    SharedInsertionTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        pool = new ConnectionPool(schema.dataSource());
        tapped = new TappedDataSource(pool.dataSource());
        jdbc = new Jdbc(tapped.dataSource(), Transactions.of(container));
        prefix = new Prefix(schema.name());
        insertion = new Insertion(jdbc, prefix, Duration.ofSeconds(20), () -> true);
    }

    @AfterEach
    void close() throws Exception {
        first.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(20, SECONDS)).isTrue();
        pool.close();
    }

    @Test
    void each_of_eight_callers_gets_his_own_job_and_every_job_is_there_once() throws Exception {
        int each = 200;
        Set<Long> ids = ConcurrentHashMap.newKeySet();
        List<Future<Void>> callers = IntStream.range(0, 8)
                .mapToObj(caller -> threads.<Void>submit(() -> {
                    for (int i = 0; i < each; i++) {
                        Job job = insert(
                                NewJob.of("w", Map.of("caller", caller, "i", i)).priority(caller));
                        assertThat(job.args().getInt("caller")).isEqualTo(caller);
                        assertThat(job.args().getInt("i")).isEqualTo(i);
                        assertThat(job.priority()).isEqualTo(caller);
                        assertThat(jobs.query("SELECT args FROM ${schema}.oban_jobs WHERE id = " + job.id()))
                                .containsExactly(job.argsJson());
                        ids.add(job.id());
                    }
                    return null;
                }))
                .toList();
        for (Future<Void> caller : callers) {
            caller.get(60, SECONDS);
        }

        assertThat(ids).hasSize(8 * each);
        assertThat(jobs.count("true")).isEqualTo(8 * each);
        assertThat(jobs.query("SELECT count(DISTINCT args) FROM ${schema}.oban_jobs"))
                .containsExactly(String.valueOf(8 * each));
        assertThat(tapped.statements(SHARED)).isNotEmpty();
    }

    @Test
    void whatever_a_job_is_it_comes_back_as_it_would_from_an_insert_of_its_own() throws Exception {
        Map<String, Object> args = Map.of("t", "a\"b\\c'\n\u00fc\ud83d\ude00", "l", List.of(1, "zwei"), "n", 1.50);
        List<NewJob> all = List.of(
                NewJob.of("plain"),
                NewJob.of("whole", args)
                        .queue("mail")
                        .meta(args)
                        .priority(9)
                        .maxAttempts(3)
                        .tags("b", "a,c", "\"q\"", "back\\slash", "{}", "null", "\u00fc \ud83d\ude00", "it's")
                        .at(Instant.parse("2026-03-08T02:30:00.000001Z")),
                NewJob.of("early").at(Instant.parse("0001-01-01T00:00:00Z")),
                NewJob.of("last").at(Instant.parse("9999-12-31T23:59:59.999999Z")),
                NewJob.of("suspended").state(JobState.SUSPENDED),
                NewJob.of("completed").state(JobState.COMPLETED),
                NewJob.of("discarded").state(JobState.DISCARDED),
                NewJob.of("cancelled").state(JobState.CANCELLED));

        List<Future<Job>> shared = shared(all);

        for (int i = 0; i < all.size(); i++) {
            Job job = shared.get(i).get(20, SECONDS);
            Job single = insert(all.get(i));
            assertThat(columns(job, job)).isEqualTo(columns(single, single));
            assertThat(columns(job, job)).isEqualTo(columns(read(job), job));
            assertThat(columns(single, single)).isEqualTo(columns(read(single), single));
            assertThat(RawJobs.changed(jobs.row(job.id()), "id", "", "inserted_at", "", "scheduled_at", ""))
                    .isEqualTo(RawJobs.changed(jobs.row(single.id()), "id", "", "inserted_at", "", "scheduled_at", ""));
        }
        assertThat(tapped.statements(SHARED)).hasSize(1);
    }

    @Test
    void a_row_that_is_refused_hurts_only_its_own_caller() throws Exception {
        jobs.run("ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT no_bad CHECK (worker <> 'bad')");

        List<Future<Job>> shared = shared(List.of(NewJob.of("a"), NewJob.of("bad"), NewJob.of("c")));

        assertThat(shared.get(0).get(20, SECONDS).worker()).isEqualTo("a");
        assertThatThrownBy(() -> shared.get(1).get(20, SECONDS))
                .cause()
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("no_bad");
        assertThat(shared.get(2).get(20, SECONDS).worker()).isEqualTo("c");
        assertThat(workers()).containsExactlyInAnyOrder("first", "a", "c");
    }

    @Test
    void a_row_that_a_trigger_keeps_out_gives_nobody_the_job_of_another() throws Exception {
        jobs.run("CREATE FUNCTION ${schema}.skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        jobs.run("CREATE TRIGGER skip BEFORE INSERT ON ${schema}.oban_jobs FOR EACH ROW WHEN (new.worker = 'bad')"
                + " EXECUTE FUNCTION ${schema}.skip()");

        List<Future<Job>> shared = shared(List.of(NewJob.of("a"), NewJob.of("bad"), NewJob.of("c")));

        assertThat(shared.get(0).get(20, SECONDS).worker()).isEqualTo("a");
        assertThatThrownBy(() -> shared.get(1).get(20, SECONDS)).hasCauseInstanceOf(RuntimeException.class);
        Job third = shared.get(2).get(20, SECONDS);
        assertThat(jobs.row(third.id())).containsEntry("worker", "c");
        assertThat(workers()).containsExactlyInAnyOrder("first", "a", "c");
    }

    @Test
    void a_statement_whose_answer_is_lost_doubles_no_job() throws Exception {
        tapped.loseAnswers(SHARED, 1);

        List<Future<Job>> shared = shared(List.of(NewJob.of("a"), NewJob.of("b"), NewJob.of("c")));

        for (Future<Job> caller : shared) {
            assertThatThrownBy(() -> caller.get(20, SECONDS))
                    .cause()
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("the connection broke");
        }
        assertThat(workers()).containsExactlyInAnyOrder("first", "a", "b", "c");
        assertThat(tapped.statements(SINGLE)).hasSize(1);
    }

    @Test
    void a_statement_that_never_got_there_is_everybodys_failure_and_the_next_works() throws Exception {
        tapped.fail(SHARED, 1);

        for (Future<Job> caller : shared(List.of(NewJob.of("a"), NewJob.of("b")))) {
            assertThatThrownBy(() -> caller.get(20, SECONDS)).hasCauseInstanceOf(DatabaseException.class);
        }

        assertThat(insert(NewJob.of("c")).worker()).isEqualTo("c");
        assertThat(workers()).containsExactlyInAnyOrder("first", "c");
    }

    @Test
    void what_runs_together_waits_for_nobody_and_goes_when_it_rolls_back() throws Exception {
        List<Future<Job>> shared = shared(List.of(NewJob.of("a"), NewJob.of("b")), () -> {
            assertThatThrownBy(() -> jdbc.together(() -> {
                        insert(NewJob.of("mine"));
                        insert(NewJob.of("mine"));
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
        });

        for (Future<Job> caller : shared) {
            caller.get(20, SECONDS);
        }
        assertThat(workers()).containsExactlyInAnyOrder("first", "a", "b");
        assertThat(tapped.statements(SINGLE)).hasSize(3);
    }

    @Test
    void what_is_in_a_transaction_of_the_containers_waits_for_nobody() throws Exception {
        List<Future<Job>> shared = shared(List.of(NewJob.of("a"), NewJob.of("b")), () -> {
            container.begin();
            insert(NewJob.of("mine"));
            assertThat(insertion.waiting()).isEqualTo(2);
            container.rollback();
        });

        for (Future<Job> caller : shared) {
            caller.get(20, SECONDS);
        }
        assertThat(tapped.statements(SINGLE)).hasSize(2);
        assertThat(tapped.statements(SHARED)).hasSize(1);
    }

    @Test
    void nothing_is_left_of_connections() throws Exception {
        tapped.loseAnswers(SHARED, 1);
        for (Future<Job> caller : shared(List.of(NewJob.of("a"), NewJob.of("b")))) {
            assertThatThrownBy(() -> caller.get(20, SECONDS)).isNotNull();
        }

        assertThat(pool.lent()).isZero();
    }

    private List<Future<Job>> shared(List<NewJob> all) throws Exception {
        return shared(all, () -> {});
    }

    /** Has them go by one statement, after something is done while another insert is under way. */
    private List<Future<Job>> shared(List<NewJob> all, Meanwhile meanwhile) throws Exception {
        tapped.hang(SINGLE, first);
        Future<Job> alone = threads.submit(() -> insert(NewJob.of("first")));
        await().until(() -> tapped.statements(SINGLE).size() == 1);
        tapped.letPass(SINGLE);
        List<Future<Job>> callers = new ArrayList<>();
        for (NewJob job : all) {
            int before = insertion.waiting();
            callers.add(threads.submit(() -> insert(job)));
            await().until(() -> insertion.waiting() > before);
        }
        meanwhile.run();
        first.countDown();
        assertThat(alone.get(20, SECONDS).worker()).isEqualTo("first");
        return callers;
    }

    private Job insert(NewJob job) {
        return insertion.insert(job.resolve(clock));
    }

    private Job read(Job job) {
        return new Finding(jdbc, prefix).find(job.id()).orElseThrow();
    }

    private List<String> workers() {
        return jobs.query("SELECT worker FROM ${schema}.oban_jobs");
    }

    /** Everything that a job tells, with the times told by those of another. */
    private static List<Object> columns(Job job, Job of) {
        List<Object> all = new ArrayList<>(List.of(
                job.state(),
                job.queue(),
                job.worker(),
                job.argsJson(),
                job.meta(),
                job.errors(),
                job.attempt(),
                job.maxAttempts(),
                job.priority(),
                job.tags(),
                job.attemptedBy(),
                job.isConflict()));
        all.add(job.insertedAt().equals(of.insertedAt()));
        all.add(job.scheduledAt().equals(job.insertedAt()) ? "at once" : job.scheduledAt());
        all.add(job.attemptedAt());
        all.add(job.completedAt());
        all.add(job.discardedAt());
        all.add(job.cancelledAt());
        return all;
    }

    @FunctionalInterface
    private interface Meanwhile {
        void run() throws Exception;
    }
}
