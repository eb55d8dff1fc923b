package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.liberty.probe.EventProbe;
import dev.kerrera.liberty.probe.Ledger;
import dev.kerrera.liberty.probe.LedgerGate;
import dev.kerrera.liberty.probe.OwnLedger;
import dev.kerrera.liberty.probe.Sluggish;
import dev.kerrera.liberty.probe.Table;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker writes and the end of its job, in one transaction of the container. */
@ArquillianTest
class CompletionIT {

    private static final System.Logger LOG = System.getLogger(CompletionIT.class.getName());
    private static final int JOBS = 2_000;

    /** Any connection of the server's to the database but the one that asks: pooled ones, the listener, the publisher. */
    private static final String KILL_ONE = """
            SELECT count(pg_terminate_backend(pid)) FROM (
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                ORDER BY random() LIMIT 1) AS victim""";

    private static final String KILL_ALL = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'""";

    private static final String UNFINISHED = """
            SELECT count(*) FROM public.oban_jobs
            WHERE worker = 'test.Ledger' AND 'chance' = ANY(tags) AND state NOT IN ('completed', 'discarded')""";

    private static final String WRONG = """
            SELECT count(*) FROM public.oban_jobs j
            WHERE worker = 'test.Ledger' AND 'chance' = ANY(tags)
              AND (SELECT count(*) FROM ledger WHERE job = j.id) <> CASE WHEN state = 'completed' THEN 1 ELSE 0 END""";

    @Inject
    JobService jobs;

    @Inject
    EventProbe events;

    @Resource(lookup = "jdbc/kerrera")
    DataSource dataSource;

    Table table;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(
                CompletionIT.class,
                EventProbe.class,
                Ledger.class,
                Ledger.Entry.class,
                LedgerGate.class,
                OwnLedger.class,
                Sluggish.class,
                Table.class);
    }

    @BeforeEach
    void open() throws SQLException {
        table = new Table(dataSource);
        execute("CREATE TABLE IF NOT EXISTS ledger (job bigint, thread text)");
    }

    @Test
    void a_completed_job_has_its_row() throws SQLException {
        Job job = jobs.insert(Ledger.class, new Ledger.Entry("ok"));

        awaitState(job, "completed");
        assertThat(rows(job)).isEqualTo("1");
    }

    @Test
    void a_snoozed_job_keeps_what_it_wrote() throws SQLException {
        Job job = jobs.insert(Ledger.class, new Ledger.Entry("snooze"));

        awaitState(job, "scheduled");
        assertThat(rows(job)).isEqualTo("1");
    }

    @Test
    void a_job_that_fails_leaves_no_row_and_its_failure_is_recorded() throws SQLException {
        Job returning =
                jobs.insert(NewJob.of("test.Ledger", new Ledger.Entry("error")).maxAttempts(1));
        Job throwing =
                jobs.insert(NewJob.of("test.Ledger", new Ledger.Entry("throw")).maxAttempts(1));

        awaitState(returning, "discarded");
        awaitState(throwing, "discarded");
        assertThat(rows(returning)).isEqualTo("0");
        assertThat(rows(throwing)).isEqualTo("0");
        assertThat(error(returning)).contains("{:error, \"asked to fail\"}");
        assertThat(error(throwing)).startsWith("** (java.lang.IllegalStateException) asked to throw\n    ");
    }

    @Test
    void a_run_that_lost_its_job_meanwhile_is_rolled_back() throws Exception {
        Job job = jobs.insert(Ledger.class, new Ledger.Entry("wait"));
        assertThat(LedgerGate.awaitArrival()).isTrue();
        execute("UPDATE public.oban_jobs SET attempted_by = '{elsewhere,somebody}' WHERE id = " + job.id());
        LedgerGate.open();

        await().until(() -> events.fenced().contains(job.id()));
        assertThat(rows(job)).isEqualTo("0");
        assertThat(table.state(job.id())).isEqualTo("executing");
    }

    @Test
    void a_job_cancelled_while_it_runs_is_rolled_back_even_if_it_ends_well() throws Exception {
        Job job = jobs.insert(Ledger.class, new Ledger.Entry("wait"));
        assertThat(LedgerGate.awaitArrival()).isTrue();
        assertThat(jobs.cancel(job.id())).isTrue();
        LedgerGate.open();

        await().until(() -> events.fenced().contains(job.id()));
        assertThat(rows(job)).isEqualTo("0");
        assertThat(table.state(job.id())).isEqualTo("cancelled");
    }

    @Test
    void a_worker_that_cancels_its_own_job_in_that_transaction_fails_with_a_word_on_what_to_return()
            throws SQLException {
        Job job =
                jobs.insert(NewJob.of("test.Ledger", new Ledger.Entry("cancel")).maxAttempts(1));

        awaitState(job, "discarded");
        assertThat(rows(job)).isEqualTo("0");
        assertThat(error(job)).contains("the worker changed its own job").contains("Outcome.cancel");
    }

    @Test
    void a_worker_that_opts_out_has_its_own_commit() throws SQLException {
        Job job = jobs.insert(OwnLedger.class, Map.of(), it -> it.maxAttempts(1));

        awaitState(job, "discarded");
        assertThat(rows(job)).isEqualTo("1");
    }

    @Test
    void a_job_that_takes_too_long_is_interrupted_and_its_transaction_has_the_same_limit() throws SQLException {
        Job listening = jobs.insert(Sluggish.class, Map.of());
        Job deaf = jobs.insert(Sluggish.class, Map.of("deaf", true));

        awaitState(listening, "discarded");
        awaitState(deaf, "discarded");
        assertThat(error(listening)).isEqualTo("** (Oban.TimeoutError) test.Sluggish timed out after 1000ms");
        assertThat(error(deaf)).isNotEmpty();
    }

    /** The server's connections are killed at random while the jobs run, and one in four jobs fails by itself. */
    @Test
    void rows_are_exactly_those_of_the_completed_jobs_each_once() {
        Ledger.Entry entry = new Ledger.Entry("chance");
        for (int i = 0; i < JOBS; i++) {
            jobs.insert(NewJob.of("test.Ledger", entry).tags("chance"));
        }
        int[] killed = {0};
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(150))
                .until(() -> {
                    killed[0] += killOne();
                    return unfinished() == 0;
                });

        renewThePool();
        LOG.log(System.Logger.Level.INFO, "%d jobs, %d connections killed meanwhile".formatted(JOBS, killed[0]));
        assertThat(calmly(WRONG)).isZero();
        assertThat(calmly("SELECT count(*) FROM public.oban_jobs WHERE state = 'completed' AND 'chance' = ANY(tags)"))
                .as("completed")
                .isBetween(JOBS - 100, JOBS);
        assertThat(killed[0]).as("connections killed").isGreaterThan(10);
        assertThat(calmly("SELECT count(*) FROM public.oban_jobs WHERE cardinality(errors) > 0"))
                .as("jobs that failed at least once")
                .isGreaterThan(100);
    }

    /** With the last shots at all connections, this test's own among them; the server throws its pool away when it is hit. */
    private void renewThePool() {
        assertThatThrownBy(() -> table.value(KILL_ALL)).isInstanceOf(SQLException.class);
        assertThat(calmly("SELECT 1")).isOne();
    }

    /** What the table says, once a connection is met that is alive. */
    private int calmly(String sql) {
        return await().ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> Integer.valueOf(table.value(sql)), count -> true);
    }

    private int killOne() {
        try {
            return Integer.parseInt(table.value(KILL_ONE));
        } catch (SQLException hitByItsOwnShot) {
            return 0;
        }
    }

    private int unfinished() {
        try {
            return Integer.parseInt(table.value(UNFINISHED));
        } catch (SQLException broken) {
            return -1;
        }
    }

    private String rows(Job job) throws SQLException {
        return table.value("SELECT count(*) FROM ledger WHERE job = " + job.id());
    }

    private String error(Job job) throws SQLException {
        return table.column("errors[1] ->> 'error'", job.id());
    }

    private void execute(String sql) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitState(Job job, String state) {
        await().until(() -> table.state(job.id()).equals(state));
    }
}
