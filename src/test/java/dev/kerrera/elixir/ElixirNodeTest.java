package dev.kerrera.elixir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.WeldNode;
import dev.kerrera.elixir.ForeignNode.Fetched;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Listening;
import dev.kerrera.peer.Peer;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who leads, who stages, and whose jobs are worked by whom. */
class ElixirNodeTest extends MixedCluster {

    ElixirNodeTest(TestSchema schema) {
        super(schema);
    }

    @Test
    void the_lead_goes_from_one_to_the_other_and_back() throws SQLException {
        WeldNode java = leading("java-1");
        assertThat(elixir.elect()).as("against a leader").isFalse();

        stop(java);
        assertThat(sentByJava("leader")).containsExactly("{\"down\":\"Oban\"}");
        assertThat(elixir.elect()).as("once it has resigned").isTrue();

        WeldNode next = node("java-2");
        String lease = lease();
        await().during(Duration.ofSeconds(1)).until(() -> !next.get(Peer.class).leads());
        assertThat(lease()).as("a lease of another's").isEqualTo(lease).contains("web.1");
        assertThat(elixir.elect()).as("renewed").isTrue();
        assertThat(next.get(Peer.class).leader()).contains("web.1");

        long resigned = System.nanoTime();
        elixir.resign();
        await().until(next.get(Peer.class)::leads);
        assertThat(Duration.ofNanos(System.nanoTime() - resigned)).isLessThan(Duration.ofSeconds(2));
        assertThat(lease()).contains("java-2");
        assertThat(elixir.elect()).isFalse();
    }

    @Test
    void a_leader_of_kerreras_stages_and_announces_what_elixir_works() throws SQLException {
        leading("java-1");
        long job = elixir.schedule("elixir", "MyApp.Mailer", Duration.ofMillis(300));

        awaitInsertFor("elixir", 1);
        Fetched first = elixir.fetch("elixir", 10).get(0);
        assertThat(first.id()).isEqualTo(job);
        assertGood();
        elixir.error(first, Duration.ofMillis(200));
        assertGood();

        awaitInsertFor("elixir", 2);
        Fetched second = elixir.fetch("elixir", 10).get(0);
        assertThat(second.attempt()).isEqualTo(2);
        elixir.snooze(job, Duration.ofMillis(200));
        assertGood();

        awaitInsertFor("elixir", 3);
        Fetched third = elixir.fetch("elixir", 10).get(0);
        assertThat(third.attempt()).isEqualTo(3);
        elixir.complete(job);
        assertThat(sql.state(job)).isEqualTo("completed");
    }

    @Test
    void among_elixirs_nodes_every_queue_with_work_is_announced_at_each_turn() throws SQLException {
        WeldNode java = leading("java-1");
        elixir.ping();
        await().until(() -> java.get(Listening.class).sonar().status() == Connectivity.CLUSTERED);
        assertThat(java.get(Listening.class).sonar().nodes()).containsExactly("java-1", "web.1");
        sql.add("(worker, queue) VALUES ('MyApp.Missed', 'missed')");
        sql.add("(worker, queue) VALUES ('MyApp.Missed', 'missed')");

        awaitInsertFor("missed", 3);

        assertThat(sentByJava("sonar")).isNotEmpty().containsOnly("{\"node\":\"java-1\",\"ping\":true}");
    }

    @Test
    void a_leader_of_elixirs_stages_what_kerrera_works() throws SQLException {
        assertThat(elixir.elect()).isTrue();
        WeldNode java = node("java-1");
        long later = elixir.schedule("java", "java.Deeds", Duration.ZERO);
        Job again = jobs(java).insert(deed("fail once"));
        await().until(() -> sql.state(again.id()).equals("retryable"));
        await().during(Duration.ofSeconds(2)).until(() -> sql.state(later).equals("scheduled"));
        assertGood();

        elixir.stage();

        await().until(() ->
                Stream.of(later, again.id()).allMatch(id -> sql.state(id).equals("completed")));
        assertThat(sql.row(again.id())).containsEntry("attempt", "2");
    }

    @Test
    void elixir_inserts_jobs_for_kerrera_and_every_outcome_is_good_for_elixir() throws SQLException {
        WeldNode java = leading("java-1");
        Map<String, Long> jobs = Stream.of("ok", "error", "throw", "fail once", "cancel", "discard", "snooze once")
                .collect(Collectors.toMap(deed -> deed, this::insertedByElixir));
        long unreadable = elixir.insert("java", "java.Deeds", "{\"deed\": 1e400}", 1);
        long unknown = elixir.insert("java", "MyApp.Unknown", "{}", 1);

        Map<String, String> ends = Map.of(
                "ok",
                "completed",
                "error",
                "discarded",
                "throw",
                "discarded",
                "fail once",
                "completed",
                "cancel",
                "cancelled",
                "discard",
                "discarded",
                "snooze once",
                "completed");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> ends.forEach((deed, state) ->
                        assertThat(sql.state(jobs.get(deed))).as(deed).isEqualTo(state)));
        await().until(() -> !Set.of("available", "executing").contains(sql.state(unreadable)));
        assertThat(sql.row(unknown))
                .as("nobody's worker")
                .containsEntry("state", "available")
                .containsEntry("attempt", "0");
        assertThat(jobs(java).count(JobFilter.all())).isEqualTo(9);
    }

    @Test
    void kerrera_inserts_jobs_for_elixir() throws SQLException {
        JobService jobs = jobs(node("java-1"));
        Map<String, Object> args = Map.of("id", 7, "name", "Zoë", "list", List.of(1, 2.5), "deep", Map.of("a", true));
        NewJob mail =
                NewJob.of("MyApp.Mailer", args).queue("elixir").tags("a", "b").maxAttempts(1);

        Job one = jobs.insert(mail);
        awaitInsertFor("elixir", 1);
        assertThat(elixir.fetch("elixir", 1)).singleElement().satisfies(fetched -> {
            assertThat(fetched.worker()).isEqualTo("MyApp.Mailer");
            assertThat(fetched.args()).contains("\"Zoë\"");
        });
        assertGood();
        elixir.error(new Fetched(one.id(), "MyApp.Mailer", "{}", 1, 1), Duration.ZERO);
        assertThat(sql.state(one.id())).isEqualTo("discarded");

        jobs.insertAll(Stream.generate(() -> mail).limit(3));
        awaitInsertFor("elixir", 2);
        jobs.insert(mail.queue("elixir").in(Duration.ofHours(1)));
        assertThat(elixir.fetch("elixir", 10)).hasSize(3);
        assertThat(jobs.retry(one.id())).isTrue();
        awaitInsertFor("elixir", 3);
        Fetched again = elixir.fetch("elixir", 10).get(0);
        assertThat(again).returns(2, Fetched::attempt).returns(2, Fetched::maxAttempts);
        assertThat(jobs.cancelAll(JobFilter.all().queues("elixir"))).isEqualTo(5);
        await().untilAsserted(() -> assertThat(sentByJava("signal"))
                .hasSize(4)
                .allMatch(signal -> signal.matches("\\{\"action\":\"pkill\",\"job_id\":\\d+}")));
    }

    @Test
    void both_work_one_queue_at_the_same_time_and_no_job_runs_twice() throws SQLException {
        leading("java-1");
        sql.run(
                "INSERT INTO ${schema}.oban_jobs (worker, queue) SELECT 'java.Deeds', 'java' FROM generate_series(1, 300)");
        Set<Long> own = new HashSet<>();
        elixir.send("insert", "{\"queue\":\"java\"}");

        List<Fetched> fetched = elixir.fetch("java", 5);
        while (!fetched.isEmpty()) {
            for (Fetched job : fetched) {
                own.add(job.id());
                elixir.complete(job.id());
            }
            fetched = elixir.fetch("java", 5);
        }

        await().until(() -> sql.count("state = 'completed'") == 300);
        assertThat(sql.count("attempt <> 1")).isZero();
        assertThat(sql.count("attempted_by[1] = 'web.1'")).isEqualTo(own.size());
        assertThat(own.size()).isBetween(1, 299);
    }
}
