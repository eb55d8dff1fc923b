package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.Settings;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Cancelling;
import dev.kerrera.engine.Deleting;
import dev.kerrera.engine.Retrying;
import dev.kerrera.engine.Updating;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class JobControlTest {

    private static final JobFilter ALL = JobFilter.all();

    private final FakeTransactions container = new FakeTransactions();
    private final List<String> signals = new ArrayList<>();
    private final List<String> announced = new ArrayList<>();
    private final RawJobs jobs;
    private final JobControl control;

    JobControlTest(TestSchema schema) {
        SettableClock clock = new SettableClock("2026-01-01T12:00:00Z");
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Settings settings = TestSettings.of(schema.name(), "kerrera.notifier.mode", "poll");
        Notifier notifier = TestNotifiers.local(settings, jdbc, Transactions.of(container));
        notifier.subscribe(Channel.SIGNAL, message -> signals.add(message.toString()));
        notifier.subscribe(Channel.INSERT, message -> announced.add(message.getString("queue")));
        jobs = new RawJobs(schema);
        control = new JobControl(
                new Cancelling(jdbc, prefix, clock),
                new Retrying(jdbc, prefix, clock),
                new Deleting(jdbc, prefix),
                new Updating(jdbc, prefix, clock),
                notifier);
    }

    @Test
    void each_job_that_was_executing_is_killed_by_obans_message() {
        long first = add(JobState.EXECUTING, "mail");
        long second = add(JobState.EXECUTING, "post");
        add(JobState.AVAILABLE, "mail");

        assertThat(control.cancel(ALL)).isEqualTo(3);

        assertThat(signals)
                .containsExactlyInAnyOrder(
                        "{\"action\":\"pkill\",\"job_id\":" + first + "}",
                        "{\"action\":\"pkill\",\"job_id\":" + second + "}");
        assertThat(announced).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "EXECUTING")
    void a_job_that_was_not_executing_is_not_killed(JobState state) {
        add(state, "mail");

        control.cancel(ALL);

        assertThat(signals).isEmpty();
    }

    @Test
    void a_kill_goes_out_after_the_commit_only() {
        add(JobState.EXECUTING, "mail");
        container.begin();
        control.cancel(ALL);
        assertThat(signals).isEmpty();

        container.commit();

        assertThat(signals).hasSize(1);
    }

    @Test
    void a_cancellation_rolled_back_kills_nobody() {
        add(JobState.EXECUTING, "mail");
        container.begin();
        control.cancel(ALL);

        container.rollback();

        assertThat(signals).isEmpty();
    }

    @Test
    void retried_jobs_are_announced_once_a_queue_after_the_commit() {
        add(JobState.CANCELLED, "mail");
        add(JobState.DISCARDED, "mail");
        add(JobState.COMPLETED, "post");
        add(JobState.EXECUTING, "push");
        container.begin();
        assertThat(control.retry(ALL)).isEqualTo(3);
        assertThat(announced).isEmpty();

        container.commit();

        assertThat(announced).containsExactlyInAnyOrder("mail", "post");
        assertThat(signals).isEmpty();
    }

    @Test
    void what_was_not_retried_is_not_announced() {
        add(JobState.EXECUTING, "mail");
        add(JobState.AVAILABLE, "post");

        assertThat(control.retry(ALL)).isZero();
        assertThat(announced).isEmpty();
    }

    @Test
    void deletions_are_told_to_nobody() {
        add(JobState.AVAILABLE, "mail");
        add(JobState.EXECUTING, "mail");

        assertThat(control.delete(ALL)).isEqualTo(1);
        assertThat(announced).isEmpty();
        assertThat(signals).isEmpty();
    }

    @Test
    void a_change_is_announced_to_the_queue_where_the_job_is_available_now() {
        long id = add(JobState.AVAILABLE, "mail");
        add(JobState.SCHEDULED, "push");

        assertThat(control.update(id, JobChanges.none().queue("post"))).isPresent();
        assertThat(control.update(id, job -> JobChanges.none().queue(job.queue() + "2")))
                .isPresent();
        assertThat(control.update(ALL, JobChanges.none().priority(1))).isEqualTo(2);

        assertThat(announced).containsExactly("post", "post2", "post2");
    }

    @Test
    void a_change_of_a_job_that_is_not_available_is_announced_to_nobody() {
        long id = add(JobState.AVAILABLE, "mail");

        control.update(id, JobChanges.none().in(Duration.ofHours(1)));
        control.update(ALL, JobChanges.none().queue("post"));
        control.update(404, JobChanges.none().queue("post"));

        assertThat(announced).isEmpty();
    }

    @Test
    void a_change_that_is_refused_is_announced_to_nobody() {
        long id = add(JobState.AVAILABLE, "mail");

        assertThatThrownBy(() -> control.update(id, JobChanges.none().priority(10)))
                .isInstanceOf(InvalidJobException.class);

        assertThat(announced).isEmpty();
    }

    private long add(JobState state, String queue) {
        return jobs.add("(worker, state, queue) VALUES ('A', '%s', '%s')".formatted(state.label(), queue));
    }
}
