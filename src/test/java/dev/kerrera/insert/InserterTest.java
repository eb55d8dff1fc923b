package dev.kerrera.insert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class InserterTest {

    private static final Worker<Object> IDLE = (args, job) -> Outcome.ok();

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final FakeTransactions container = new FakeTransactions();
    private final List<String> announced = new ArrayList<>();
    private final RawJobs jobs;
    private final Inserter inserter;

    InserterTest(TestSchema schema) {
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Notifier notifier = TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.of(container));
        notifier.subscribe(Channel.INSERT, message -> announced.add(message.getString("queue")));
        WorkerDefinition mailer = new WorkerDefinition(
                "mailer",
                IDLE.getClass(),
                Object.class,
                new JobDefaults("mail", 7, 3, List.of("Letter", "out")),
                Execution.PLAIN,
                () -> new WorkerInstance(IDLE, () -> {}));
        jobs = new RawJobs(schema);
        Prefix prefix = new Prefix(schema.name());
        inserter = new Inserter(
                new Insertion(jdbc, prefix, () -> true),
                new UniqueInsertion(jdbc, prefix),
                new WorkerRegistry(List.of(mailer)),
                notifier,
                clock);
    }

    @Test
    void a_known_workers_job_has_that_workers_defaults() {
        Job job = inserter.insert(NewJob.of("mailer"));

        assertThat(jobs.row(job.id()))
                .containsEntry("worker", "mailer")
                .containsEntry("queue", "mail")
                .containsEntry("max_attempts", "7")
                .containsEntry("priority", "3")
                .containsEntry("tags", "{letter,out}");
    }

    @Test
    void what_the_caller_says_goes_before_the_workers_defaults() {
        Job job = inserter.insert(
                NewJob.of("mailer").queue("post").maxAttempts(1).priority(0).tags("own"));

        assertThat(jobs.row(job.id()))
                .containsEntry("queue", "post")
                .containsEntry("max_attempts", "1")
                .containsEntry("priority", "0")
                .containsEntry("tags", "{own}");
    }

    @Test
    void what_the_caller_leaves_open_is_the_workers() {
        Job job = inserter.insert(NewJob.of("mailer").priority(9).tags());

        assertThat(jobs.row(job.id()))
                .containsEntry("queue", "mail")
                .containsEntry("max_attempts", "7")
                .containsEntry("priority", "9")
                .containsEntry("tags", "{}");
    }

    @Test
    void a_job_for_an_unknown_worker_is_inserted_with_the_general_defaults() {
        Job job = inserter.insert(NewJob.of("Elixir.App.Worker", Map.of("k", 1)));

        assertThat(jobs.row(job.id()))
                .containsEntry("worker", "App.Worker")
                .containsEntry("queue", "default")
                .containsEntry("max_attempts", "20")
                .containsEntry("priority", "0")
                .containsEntry("tags", "{}")
                .containsEntry("args", "{\"k\": 1}");
        assertThat(announced).containsExactly("default");
    }

    @Test
    void a_job_can_be_made_for_the_class_of_a_worker() {
        Job job = inserter.insert(inserter.jobFor(IDLE.getClass(), Map.of("to", "me")));

        assertThat(jobs.row(job.id())).containsEntry("worker", "mailer").containsEntry("args", "{\"to\": \"me\"}");
        assertThatThrownBy(() -> inserter.jobFor(String.class, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String is not a worker of this application");
    }

    @Test
    void an_available_job_is_announced_to_its_queue() {
        inserter.insert(NewJob.of("mailer"));
        inserter.insert(NewJob.of("mailer").queue("post"));

        assertThat(announced).containsExactly("mail", "post");
    }

    @Test
    void a_scheduled_job_is_not_announced() {
        Job job = inserter.insert(NewJob.of("mailer").in(Duration.ofMinutes(1)));

        assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(job.scheduledAt()).isEqualTo("2031-02-03T04:06:06.123456Z");
        assertThat(announced).isEmpty();
    }

    @Test
    void jobs_of_a_transaction_are_announced_once_a_queue_after_its_commit() {
        container.begin();
        inserter.insert(NewJob.of("mailer"));
        inserter.insert(NewJob.of("other"));
        inserter.insert(NewJob.of("mailer"));
        assertThat(announced).isEmpty();

        container.commit();

        assertThat(announced).containsExactly("mail", "default");
    }

    @Test
    void jobs_of_a_transaction_that_rolls_back_are_never_announced() {
        container.begin();
        inserter.insert(NewJob.of("mailer"));

        container.rollback();

        assertThat(announced).isEmpty();
    }

    @Test
    void an_invalid_job_is_neither_inserted_nor_announced() {
        assertThatThrownBy(() -> inserter.insert(NewJob.of("mailer").priority(10)))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("priority must be 0 to 9, was 10");

        assertThat(jobs.count("true")).isZero();
        assertThat(announced).isEmpty();
    }
}
