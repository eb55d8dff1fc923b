package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.liberty.probe.EventProbe;
import dev.kerrera.liberty.probe.Gate;
import dev.kerrera.liberty.probe.LeaveOpen;
import dev.kerrera.liberty.probe.LookAround;
import dev.kerrera.liberty.probe.PlainJdbc;
import dev.kerrera.liberty.probe.RequestBean;
import dev.kerrera.liberty.probe.Surroundings;
import dev.kerrera.liberty.probe.Table;
import dev.kerrera.liberty.probe.TransactionProbe;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers in the container: what is around them, how they end, and who hears of it. */
@ArquillianTest
class WorkersIT {

    @Inject
    JobService jobs;

    @Inject
    TransactionProbe probe;

    @Inject
    EventProbe events;

    @Resource(lookup = "jdbc/kerrera")
    DataSource dataSource;

    Table table;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(
                WorkersIT.class,
                TransactionProbe.class,
                EventProbe.class,
                Gate.class,
                LeaveOpen.class,
                LookAround.class,
                LookAround.Args.class,
                PlainJdbc.class,
                PlainJdbc.Args.class,
                RequestBean.class,
                Surroundings.class,
                Table.class);
    }

    @BeforeEach
    void open() {
        table = new Table(dataSource);
    }

    @Test
    void worker_has_injection_request_scope_names_and_transactions() throws SQLException {
        Job job = jobs.insert(LookAround.class, new LookAround.Args("eve@example.org", false));

        awaitState(job, "completed");
        boolean virtual = Runtime.version().feature() >= 21;
        assertThat(Surroundings.of(job.id()))
                .containsEntry("request", "1")
                .containsEntry("named", "true")
                .containsEntry("virtual", String.valueOf(virtual));
        assertThat(probe.orders("eve@example.org")).isOne();
    }

    @Test
    void transactional_worker_that_throws_leaves_nothing_behind() throws SQLException {
        Job job = jobs.insert(LookAround.class, new LookAround.Args("mallory@example.org", true));

        awaitState(job, "retryable");
        assertThat(probe.orders("mallory@example.org")).isZero();
        assertThat(table.column("errors[1] ->> 'error'", job.id()))
                .startsWith("** (java.lang.IllegalArgumentException) asked to fail after writing\n    ")
                .contains("LookAround.perform");
    }

    @Test
    void transaction_left_open_fails_the_attempt() throws SQLException {
        Job job = jobs.insert(LeaveOpen.class, Map.of());

        awaitState(job, "retryable");
        assertThat(table.column("errors[1] ->> 'error'", job.id())).contains("a transaction was left open");
    }

    @Test
    void worker_that_commits_its_own_connection_is_completed() throws SQLException {
        Job job = jobs.insert(PlainJdbc.class, new PlainJdbc.Args("commit"));

        awaitState(job, "completed");
        assertThat(table.value("SELECT count(*) FROM plain_jdbc WHERE job = " + job.id()))
                .isEqualTo("1");
    }

    @Test
    void what_a_worker_leaves_open_on_a_connection_never_reaches_its_result() throws SQLException {
        Job forgetful = jobs.insert(PlainJdbc.class, new PlainJdbc.Args("forget"));
        Job throwing = jobs.insert(PlainJdbc.class, new PlainJdbc.Args("throw"));
        Job breaking = jobs.insert(PlainJdbc.class, new PlainJdbc.Args("break"));

        awaitState(forgetful, "retryable");
        awaitState(throwing, "retryable");
        awaitState(breaking, "retryable");
        assertThat(table.column("errors[1] ->> 'error'", forgetful.id()))
                .contains("work was left open on a connection");
        assertThat(table.column("errors[1] ->> 'error'", throwing.id()))
                .startsWith("** (java.io.IOException) before the commit");
        assertThat(table.column("errors[1] ->> 'error'", breaking.id())).contains("division by zero");
    }

    @Test
    void dependent_worker_beans_are_destroyed_after_their_run() {
        int before = LookAround.destroyedBeans();
        Job job = jobs.insert(LookAround.class, new LookAround.Args("judy@example.org", false));

        awaitState(job, "completed");
        await().until(() -> LookAround.destroyedBeans() > before);
    }

    @Test
    void error_is_retried_within_obans_backoff() throws SQLException {
        Job job = exercise("error");

        awaitState(job, "retryable");
        assertThat(table.column("errors[1] ->> 'error'", job.id()))
                .isEqualTo("** (Oban.PerformError) demo.Exercise failed with {:error, \"asked to fail\"}");
        assertThat(table.column("errors[1] ->> 'attempt'", job.id())).isEqualTo("1");
        assertThat(table.column("errors[1] ->> 'at'", job.id()))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Double.parseDouble(table.column("extract(epoch FROM scheduled_at - attempted_at)", job.id())))
                .isBetween(17.0, 19.0);
    }

    @Test
    void throw_keeps_the_stack_trace() throws SQLException {
        Job job = exercise("throw");

        awaitState(job, "retryable");
        assertThat(table.column("errors[1] ->> 'error'", job.id()))
                .startsWith("** (java.lang.IllegalStateException) asked to throw\n    ")
                .contains("demo.Exercise.perform");
    }

    @Test
    void cancel_discard_and_snooze_land_where_they_should() throws SQLException {
        Job cancelled = exercise("cancel");
        Job discarded = exercise("discard");
        Job snoozed = jobs.insert(NewJob.of("demo.Exercise", Map.of("action", "snooze", "seconds", 600)));

        awaitState(cancelled, "cancelled");
        assertThat(table.column("errors[1] ->> 'error'", cancelled.id()))
                .isEqualTo("** (Oban.PerformError) demo.Exercise failed with {:cancel, \"asked to cancel\"}");
        assertThat(table.column("cancelled_at", cancelled.id())).isNotNull();
        awaitState(discarded, "discarded");
        assertThat(table.column("errors[1] ->> 'error'", discarded.id()))
                .isEqualTo("** (Oban.PerformError) demo.Exercise failed with {:discard, \"asked to discard\"}");
        assertThat(table.column("discarded_at", discarded.id())).isNotNull();
        awaitState(snoozed, "scheduled");
        assertThat(table.column("attempt", snoozed.id())).isEqualTo("0");
        assertThat(table.column("meta ->> 'snoozed'", snoozed.id())).isEqualTo("1");
    }

    @Test
    void last_attempt_that_fails_is_discarded() throws SQLException {
        Job job = jobs.insert(
                NewJob.of("demo.Exercise", Map.of("action", "error")).maxAttempts(1));

        awaitState(job, "discarded");
        assertThat(table.column("cardinality(errors)", job.id())).isEqualTo("1");
    }

    @Test
    void undecodable_args_fail_their_own_attempt_only() throws SQLException {
        long poison = table.insert("[1, 2]");
        long healthy = table.insert("{\"action\":\"ok\"}");

        await().until(() -> table.state(healthy).equals("completed"));
        await().until(() -> table.state(poison).equals("retryable"));
        assertThat(table.column("errors[1] ->> 'error'", poison)).contains("args");
    }

    @Test
    void run_that_lost_its_job_leaves_the_row_alone() throws Exception {
        Job job = jobs.insert(Gate.class, JsonValue.EMPTY_JSON_OBJECT);
        assertThat(Gate.entered()).isTrue();
        table.value(
                "UPDATE public.oban_jobs SET attempted_by = '{elsewhere,somebody}' WHERE id = cast(? AS bigint)"
                        + " RETURNING id",
                String.valueOf(job.id()));
        Gate.open();

        await().until(() -> events.fenced().contains(job.id()));
        assertThat(table.state(job.id())).isEqualTo("executing");
        assertThat(table.column("completed_at", job.id())).isNull();
        assertThat(table.column("attempted_by[1]", job.id())).isEqualTo("elsewhere");
    }

    @Test
    void throwing_observer_hurts_no_other() {
        jobs.publish("gossip", Map.of("probe", "observers"));

        await().until(() -> events.gossip().stream().anyMatch(m -> m.payload().containsKey("probe")));
        await().until(() ->
                events.asynchronous().stream().anyMatch(m -> m.payload().containsKey("probe")));
    }

    @Test
    void observer_names_a_channel_of_its_own() {
        jobs.publish("prices", Map.of("apple", 3));

        await().until(() -> !events.prices().isEmpty());
        assertThat(events.prices().get(0).payload().getInt("apple")).isEqualTo(3);
    }

    private Job exercise(String action) {
        return jobs.insert(NewJob.of("demo.Exercise", Map.of("action", action)));
    }

    private void awaitState(Job job, String state) {
        await().until(() -> table.state(job.id()).equals(state));
    }
}
