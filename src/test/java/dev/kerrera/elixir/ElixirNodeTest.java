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
import dev.kerrera.notifier.Wiretap;
import dev.kerrera.notifier.Wiretap.Heard;
import dev.kerrera.peer.Peer;
import dev.kerrera.queue.QueueScope;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node of Kerrera's and one that acts as an Elixir node does, under one name on one database. Whatever they do, every row and
 * every message stays good for Elixir. Kerrera's polls once an hour, so what it does it was told.
 */
@Timeout(120)
@ExtendWith(PooledSchema.class)
class ElixirNodeTest {

    private static final String[] CHANNELS = {"insert", "signal", "leader", "sonar", "gossip", "metrics", "cronitor"};

    private final List<WeldNode> started = new ArrayList<>();
    private final TestSchema schema;
    private final RawJobs sql;
    private final RowContract rows;
    private Wiretap tap;
    private ForeignNode elixir;

    ElixirNodeTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        this.rows = new RowContract(sql);
    }

    @BeforeEach
    void listen() throws SQLException {
        tap = new Wiretap(Stream.of(CHANNELS)
                .map(channel -> schema.name() + ".oban_" + channel)
                .toArray(String[]::new));
        elixir = new ForeignNode(schema.name(), "web.1");
    }

    @AfterEach
    void everythingWasGoodForElixir() throws SQLException {
        try {
            assertGood();
            List.copyOf(started).forEach(this::stop);
            assertGood();
        } finally {
            started.forEach(WeldNode::close);
            elixir.close();
            tap.close();
        }
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
    void elixir_cancels_what_kerrera_runs() throws SQLException {
        node("java-1");
        long job = insertedByElixir("park");
        await().until(() -> sql.state(job).equals("executing"));

        elixir.cancel(job);

        await().until(() -> sql.row(job).get("errors").contains("cancel"));
        assertThat(sql.state(job)).isEqualTo("cancelled");
        assertThat(sql.row(job)).containsEntry("attempt", "1");
    }

    @Test
    void an_acknowledgement_of_elixirs_that_is_not_guarded_is_not_overwritten() throws SQLException {
        WeldNode java = node("java-1");
        long job = insertedByElixir("park");
        await().until(() -> sql.state(job).equals("executing"));
        elixir.complete(job);

        elixir.signal("{\"action\":\"pkill\",\"job_id\":%d}".formatted(job));

        await().until(() -> check(java, "java").orElseThrow().running().isEmpty());
        assertThat(sql.state(job)).isEqualTo("completed");
    }

    @Test
    void kerrera_obeys_elixirs_signals() throws SQLException {
        WeldNode java = node("java-1");

        elixir.signal("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"resume\",\"ident\":\"Oban.java-1\",\"queue\":\"java\"}");
        await().until(() -> !check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"*\"}");
        await().until(() -> check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"*\"}");
        await().until(() -> !check(java, "java").orElseThrow().paused());
        elixir.signal(
                "{\"action\":\"scale\",\"ident\":\"Oban.java-1\",\"limit\":7,\"local_only\":true,\"node\":\"java-1\",\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 7);
        elixir.signal(
                "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":8,\"global_limit\":3,\"rate_limit\":null,\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 8);
        elixir.signal(
                "{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"refresh_interval\":500,\"queue\":\"beta\"}");
        await().until(() -> check(java, "beta").isPresent());
        long job = elixir.insert("beta", "java.Deeds", "{}", 1);
        await().until(() -> sql.state(job).equals("completed"));
        elixir.signal("{\"action\":\"stop\",\"ident\":\"any\",\"queue\":\"beta\"}");
        await().until(() -> check(java, "beta").isEmpty());

        elixir.signal("{\"action\":\"pause\",\"ident\":\"Oban.web.1\",\"queue\":\"java\"}");
        elixir.signal("{\"action\":\"unheard_of\",\"ident\":\"any\",\"queue\":\"java\"}");
        elixir.signal("{\"action\":\"scale\",\"ident\":\"any\",\"limit\":9,\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 9);
        assertThat(check(java, "java").orElseThrow().paused())
                .as("by a signal to another")
                .isFalse();
    }

    @Test
    void kerreras_own_orders_are_such_as_elixir_sends() throws SQLException {
        JobService jobs = jobs(node("java-1"));

        jobs.pauseQueue("elixir");
        jobs.resumeQueue("elixir", QueueScope.onNode("web.1"));
        jobs.pauseAllQueues(QueueScope.onNode("web.1"));
        jobs.resumeAllQueues();
        jobs.scaleQueue("elixir", 5);
        jobs.scaleQueue("elixir", 6, QueueScope.onNode("web.1"));
        jobs.startQueue("elixir", 2, QueueScope.onNode("web.1"));
        jobs.stopQueue("elixir", QueueScope.onNode("web.1"));

        await().untilAsserted(() -> assertThat(sentByJava("signal"))
                .containsExactly(
                        "{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"elixir\"}",
                        "{\"action\":\"resume\",\"ident\":\"Oban.web.1\",\"queue\":\"elixir\"}",
                        "{\"action\":\"pause\",\"ident\":\"Oban.web.1\",\"queue\":\"*\"}",
                        "{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"*\"}",
                        "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":5,\"queue\":\"elixir\"}",
                        "{\"action\":\"scale\",\"ident\":\"Oban.web.1\",\"limit\":6,\"node\":\"web.1\",\"queue\":\"elixir\"}",
                        "{\"action\":\"start\",\"ident\":\"Oban.web.1\",\"limit\":2,\"queue\":\"elixir\"}",
                        "{\"action\":\"stop\",\"ident\":\"Oban.web.1\",\"queue\":\"elixir\"}"));
    }

    @Test
    void while_elixir_reports_kerrera_does_and_nothing_in_it_breaks_oban_web() throws SQLException {
        WeldNode java = leading("java-1");
        elixir.report();
        insertedByElixir("park");
        jobs(java).insert(deed("ok"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Stream.of("gossip", "metrics", "cronitor")
                        .noneMatch(channel -> sentByJava(channel).isEmpty()));
        await().until(() -> sentByJava("gossip").stream().anyMatch(checks -> checks.contains("\"running\":[1]")));
        await().until(() -> sentByJava("metrics").stream().anyMatch(metrics -> metrics.contains("full_count")));
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

    /** Every row as it is, and every message that Kerrera's node has sent so far. */
    private void assertGood() throws SQLException {
        assertThat(rows.breaches()).isEmpty();
        int others = elixir.backend();
        assertThat(tap.all().stream().filter(one -> one.backend() != others).map(MessageContract::breach))
                .allMatch(Optional::isEmpty);
    }

    private List<String> sentByJava(String channel) {
        try {
            int others = elixir.backend();
            List<String> sent = new ArrayList<>();
            for (Heard one : tap.all()) {
                if (one.backend() != others && one.channel().equals(schema.name() + ".oban_" + channel)) {
                    sent.add(one.payload());
                }
            }
            return sent;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private void awaitInsertFor(String queue, int times) {
        String message = "{\"queue\":\"" + queue + "\"}";
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        sentByJava("insert").stream().filter(message::equals).count() >= times);
    }

    private long insertedByElixir(String deed) {
        try {
            return elixir.insert(
                    "java", "java.Deeds", "{\"deed\": \"" + deed + "\"}", deed.equals("fail once") ? 2 : 1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private String lease() {
        return sql.query("SELECT oban_peers::text FROM ${schema}.oban_peers").toString();
    }

    private WeldNode leading(String name) {
        WeldNode node = node(name);
        await().until(node.get(Peer.class)::leads);
        return node;
    }

    private WeldNode node(String name) {
        String[] settings = {
            "kerrera.name",
            ForeignNode.NAME,
            "kerrera.node",
            name,
            "kerrera.migrate",
            "false",
            "kerrera.queues",
            "java:3",
            "kerrera.poll-interval",
            "1h",
            "kerrera.shutdown-grace-period",
            "100ms"
        };
        WeldNode node = new WeldNode(TestSettings.of(schema.name(), settings), schema.dataSource(), Deeds.class);
        started.add(node);
        await().until(() -> node.get(Listening.class).status().state().name().equals("LISTENING"));
        return node;
    }

    private void stop(WeldNode node) {
        started.remove(node);
        node.close();
    }

    private static JobService jobs(WeldNode node) {
        return node.get(JobService.class);
    }

    private static NewJob deed(String deed) {
        return NewJob.of("java.Deeds", Map.of("deed", deed)).queue("java");
    }

    private static Optional<QueueStatus> check(WeldNode node, String queue) {
        return jobs(node).checkQueue(queue);
    }
}
